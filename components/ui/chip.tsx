import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type ChipTone = 'plain' | 'ok' | 'wait' | 'bad' | 'run' | 'held' | 'brass'

const tones: Record<ChipTone, string> = {
  plain: 'bg-sunken text-muted',
  ok: 'bg-ok-wash text-ok',
  wait: 'bg-wait-wash text-wait',
  bad: 'bg-bad-wash text-bad',
  run: 'bg-run-wash text-run',
  held: 'bg-held-wash text-held',
  brass: 'bg-brass-wash text-brass-ink',
}

export function Chip({
  tone = 'plain',
  className,
  children,
}: {
  tone?: ChipTone
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 max-w-full shrink-0 items-center gap-1.5 rounded-full px-[7px] text-2xs font-[550] whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}
