import type { Problem } from '#lib/api/shared.ts'
import { StateIcon } from '../ui/state-icon.tsx'

/** Problems as they stand: what, where, what to do. */
export function ProblemList({ problems, label }: { problems: readonly Problem[]; label: string }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {problems.map((problem, at) => (
        <li key={at} className="flex items-start gap-2.5 px-4 py-2.5">
          <StateIcon
            state={problem.severity === 'error' ? 'bad' : 'wait'}
            label={problem.severity}
            className="mt-[3px] size-3.5"
          />
          <div className="min-w-0 flex-1">
            <p>{problem.message}</p>
            {problem.suggestion && <p className="text-muted">{problem.suggestion}</p>}
            <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-faint">
              {problem.path && <Place problem={problem} />}
              {problem.subject && <span className="mono">{problem.subject}</span>}
              <span>{problem.code}</span>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Place({ problem }: { problem: Problem }) {
  const line = problem.line === undefined ? '' : `:${problem.line}`
  const column = problem.column === undefined ? '' : `:${problem.column}`
  return (
    <span className="mono text-muted">
      {problem.path}
      {line}
      {column}
    </span>
  )
}
