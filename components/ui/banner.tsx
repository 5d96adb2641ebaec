import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { StateIcon, type State } from './state-icon.tsx'

const edges: Record<State, string> = {
  ok: 'border-l-ok',
  run: 'border-l-run',
  wait: 'border-l-wait',
  bad: 'border-l-bad',
  held: 'border-l-held',
  none: 'border-l-line-strong',
}

export function Banner({ state, aside, children }: { state: State; aside?: ReactNode; children: ReactNode }) {
  return (
    <div
      className={classNames(
        'mb-2 flex flex-wrap items-center gap-x-2.5 gap-y-1.5 rounded-sm border border-l-[3px] border-line bg-surface px-3 py-2 text-sm',
        edges[state],
      )}
    >
      <StateIcon state={state} label={null} />
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      {aside && <div className="ml-auto flex flex-wrap items-center gap-2 text-muted">{aside}</div>}
    </div>
  )
}
