import type { Promotion } from '#lib/api/promotions.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { isBehind } from '../promotions/next-environment.ts'
import { PromotePill } from '../promotions/promote-pill.tsx'
import { promotionLook } from '../promotions/promotion-state.ts'
import { classNames } from '../ui/class-names.ts'
import { stateText } from '../ui/state-icon.tsx'
import type { PlacedEdge, Stretch } from './arrange-pipeline.ts'

/** The way from one environment to another: a line where there is room, and on it what can be done or is under way. */
export function PipelineEdge({
  edge,
  rows,
  source,
  target,
  promotion,
}: {
  edge: PlacedEdge
  rows: number
  source?: Release
  target?: Release
  promotion?: Promotion
}) {
  const last = edge.stretches.at(-1)
  if (!last) return null
  const promotes = source !== undefined && target !== undefined
  const behind = promotes && (target.behind === undefined ? isBehind(source, target) === true : target.behind > 0)
  const tone = promotion ? stateText[promotionLook(promotion).state] : behind ? 'text-brass' : 'text-line-strong'
  const height = last.start + (last.end - last.start) * eased(edge.wordsAt)
  return (
    <div className="@3xl:contents">
      {edge.stretches.map((stretch) => (
        <Line
          key={`${stretch.through} ${stretch.column}`}
          stretch={stretch}
          rows={rows}
          tone={tone}
          arrives={stretch === last}
        />
      ))}
      <div
        className="flex items-center gap-2 py-1.5 pl-3.5 @3xl:pointer-events-none @3xl:relative @3xl:p-0"
        style={{ gridColumn: columnOf(last), gridRow: '1 / -1' }}
      >
        <span aria-hidden="true" className={classNames('grid justify-items-center @3xl:hidden', tone)}>
          <span className="h-4 w-px bg-current" />
          <Head className="rotate-90" />
        </span>
        <span className="text-xs text-faint @3xl:sr-only">from {edge.from}</span>
        <span
          className="pointer-events-auto ml-auto max-w-[80%] @3xl:absolute @3xl:top-(--y) @3xl:left-(--x) @3xl:ml-0 @3xl:max-w-full @3xl:-translate-1/2"
          style={{ '--x': `${edge.wordsAt * 100}%`, '--y': `${(height / rows) * 100}%` } as React.CSSProperties}
        >
          {promotes && <PromotePill source={source} target={target} place="edge" />}
        </span>
      </div>
    </div>
  )
}

/** Height of a curve with level ends, as a share of its rise. */
const eased = (share: number): number => 3 * share ** 2 - 2 * share ** 3

/** Columns of the grid: environments in the odd ones, gaps in the even ones. */
const columnOf = ({ through, column }: Stretch): number => column * 2 + (through === 'gap' ? 2 : 1)

function Line({ stretch, rows, tone, arrives }: { stretch: Stretch; rows: number; tone: string; arrives: boolean }) {
  const [start, end] = [stretch.start * 100, stretch.end * 100]
  return (
    <div
      aria-hidden="true"
      className={classNames('relative hidden @3xl:block', tone)}
      style={{ gridColumn: columnOf(stretch), gridRow: '1 / -1' }}
    >
      <svg
        viewBox={`0 0 100 ${rows * 100}`}
        preserveAspectRatio="none"
        fill="none"
        className={classNames('absolute inset-y-0 left-0 h-full', arrives ? 'w-[calc(100%-6px)]' : 'w-full')}
      >
        <path
          d={start === end ? `M0 ${start}H100` : `M0 ${start}C50 ${start} 50 ${end} 100 ${end}`}
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      {arrives && (
        <span className="absolute right-[3px] -translate-y-1/2" style={{ top: `${(stretch.end / rows) * 100}%` }}>
          <Head />
        </span>
      )}
    </div>
  )
}

function Head({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 8 8" fill="currentColor" className={classNames('block size-2', className)}>
      <path d="M1 .8 7.4 4 1 7.2z" />
    </svg>
  )
}
