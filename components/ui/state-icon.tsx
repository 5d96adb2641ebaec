import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** How something stands. Each has its own shape, so that colour is never alone. */
export type State = 'ok' | 'run' | 'wait' | 'bad' | 'held' | 'none'

export const stateWords: Record<State, string> = {
  ok: 'healthy',
  run: 'in progress',
  wait: 'problem',
  bad: 'failing',
  held: 'held',
  none: 'unknown',
}

export const stateText: Record<State, string> = {
  ok: 'text-ok',
  run: 'text-run',
  wait: 'text-wait',
  bad: 'text-bad',
  held: 'text-held',
  none: 'text-faint',
}

const strong = { stroke: 'currentColor', strokeWidth: 1.7, strokeLinecap: 'round', strokeLinejoin: 'round' } as const

const shapes: Record<State, ReactNode> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="6.2" fill="currentColor" opacity=".16" />
      <path d="m5 8.2 2.1 2.1L11 6" {...strong} />
    </>
  ),
  run: (
    <>
      <circle cx="8" cy="8" r="5.6" stroke="currentColor" strokeWidth="1.7" opacity=".25" />
      <path d="M8 2.4A5.6 5.6 0 0 1 13.6 8" {...strong} />
    </>
  ),
  wait: (
    <>
      <path d="M8 1.9 14.4 13H1.6z" fill="currentColor" opacity=".2" />
      <path d="M8 6v3.2M8 11.2v.1" {...strong} />
    </>
  ),
  bad: (
    <>
      <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" fill="currentColor" opacity=".18" />
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" {...strong} />
    </>
  ),
  held: (
    <>
      <rect x="2.2" y="2.2" width="11.6" height="11.6" rx="2.6" fill="currentColor" opacity=".18" />
      <path d="M6.4 5.2v5.6M9.6 5.2v5.6" {...strong} />
    </>
  ),
  none: <circle cx="8" cy="8" r="5.2" stroke="currentColor" strokeWidth="1.4" strokeDasharray="1.6 2.6" />,
}

/** `label` is read aloud; give `null` where the words beside it already say the state. */
export function StateIcon({ state, label, className }: { state: State; label?: string | null; className?: string }) {
  const words = label === undefined ? stateWords[state] : label
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      role={words === null ? undefined : 'img'}
      aria-label={words ?? undefined}
      aria-hidden={words === null ? 'true' : undefined}
      className={classNames(
        'shrink-0',
        className ?? 'size-3.5',
        stateText[state],
        state === 'run' && 'animate-spin-slow motion-reduce:animate-none',
      )}
    >
      {shapes[state]}
    </svg>
  )
}
