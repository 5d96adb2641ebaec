import Link from 'next/link'
import type { PipelineGate } from '#lib/api/pipeline.ts'
import type { Promotion } from '#lib/api/promotions.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { promotionLook } from '../promotions/promotion-state.ts'
import { TimedText } from '../promotions/timed-text.tsx'
import { standingOf, versionOf } from '../releases/release-state.ts'
import { classNames } from '../ui/class-names.ts'
import { Duration } from '../ui/duration.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon, stateText, type State } from '../ui/state-icon.tsx'
import type { Stop } from './application-pipeline.ts'

const edges: Partial<Record<State, string>> = { bad: 'border-bad', run: 'border-run' }

/** One environment: what runs there and how, and what has to be given before anything changes there. */
export function EnvironmentNode({
  stop,
  promotions,
  elsewhere,
}: {
  stop: Stop
  /** Open ones into it. */
  promotions: readonly Promotion[]
  /** Those of them that come from no environment of the picture. */
  elsewhere: readonly Promotion[]
}) {
  const { environment, column, at, releases, gates } = stop
  const worst = releases.map((release) => standingOf(release).state).find((state) => edges[state])
  const waitsFor = new Set(promotions.flatMap((promotion) => promotion.waitsFor.map(({ gate }) => gate)))
  return (
    <article
      aria-label={environment}
      className={classNames(
        'min-w-0 self-center overflow-hidden rounded-md border bg-bg @3xl:my-2',
        worst ? edges[worst] : 'border-line-strong',
      )}
      style={{ gridColumn: column * 2 + 1, gridRow: `${at * 2} / span 2` }}
    >
      <h3 className="flex items-baseline gap-2 px-3 pt-2 text-xs font-semibold text-muted">
        {environment}
        {releases.some(({ mode }) => mode === 'observe') && (
          <span className="font-normal text-faint">only observed</span>
        )}
      </h3>
      {releases.map((release) => (
        <ReleaseLine key={release.id} release={release} named={releases.length > 1} />
      ))}
      {elsewhere.map((promotion) => (
        <OtherPromotion key={promotion.id} promotion={promotion} />
      ))}
      <GateList gates={gates} waitsFor={waitsFor} />
    </article>
  )
}

/** Version, state and age of a release; all of it is the link. */
export function ReleaseLine({ release, named }: { release: Release; named: boolean }) {
  const standing = standingOf(release)
  return (
    <Link
      href={`/releases/${encodeURIComponent(release.id)}`}
      className="block min-w-0 px-3 pt-0.5 pb-2 hover:bg-sunken focus-visible:-outline-offset-2"
    >
      <span className="flex items-center gap-[7px] font-mono text-sm font-medium tracking-[-0.02em]">
        <StateIcon state={standing.state} />
        <span className="truncate" title={versionOf(release)}>
          {versionOf(release)}
        </span>
      </span>
      <span className="mt-0.5 flex items-center gap-1.5 overflow-hidden text-xs whitespace-nowrap text-faint">
        {named && <span className="truncate">{release.name}</span>}
        {standing.loud ? (
          <>
            <span className={classNames('truncate', stateText[standing.state])} title={release.reason}>
              {standing.detail ?? standing.words}
            </span>
            {standing.state === 'run' ? <Duration from={standing.since} /> : <RelativeTime at={standing.since} />}
          </>
        ) : (
          <>
            <Glyph name={release.automated ? 'automated' : 'manual'} />
            <span>{release.automated ? 'automated' : 'manual'}</span>
            {release.deployedAt !== undefined && <RelativeTime at={release.deployedAt} />}
          </>
        )}
      </span>
    </Link>
  )
}

function OtherPromotion({ promotion }: { promotion: Promotion }) {
  const look = promotionLook(promotion)
  return (
    <Link
      href={`/promotions/${encodeURIComponent(promotion.id)}`}
      className="flex items-center gap-1.5 border-t border-line px-3 py-1.5 text-xs hover:bg-sunken focus-visible:-outline-offset-2"
    >
      <StateIcon state={look.state} label={null} className="size-3" />
      <span className={classNames('truncate', stateText[look.state])}>{look.words}</span>
      <span className="truncate text-faint">from {promotion.from ?? 'Git'}</span>
    </Link>
  )
}

/** What has to be given before anything changes in an environment. */
export function GateList({ gates, waitsFor }: { gates: readonly PipelineGate[]; waitsFor: ReadonlySet<string> }) {
  return (
    <div className="flex items-start gap-[7px] border-t border-line bg-sunken px-3 py-1.5 text-2xs text-muted">
      {gates.length > 0 && <Glyph name="shield" className="mt-0.5 size-3 text-faint" />}
      {gates.length === 0 ? (
        <span className="text-faint">no gates</span>
      ) : (
        <ul aria-label="Gates" className="flex min-w-0 flex-wrap gap-x-2.5 gap-y-0.5">
          {gates.map((gate) => (
            <li
              key={gate.gate}
              title={gate.says.join('\n')}
              className={classNames(
                'inline-flex items-center gap-1',
                gate.shut ? 'text-held' : waitsFor.has(gate.gate) && 'text-wait',
              )}
            >
              {gate.shut && <StateIcon state="held" label={null} className="size-3" />}
              {!gate.shut && waitsFor.has(gate.gate) && (
                <StateIcon state="wait" label="waited for:" className="size-3" />
              )}
              <span>
                <TimedText text={gate.words} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
