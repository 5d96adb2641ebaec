import type { Plan } from '#lib/api/promotions.ts'
import { Chip } from '../ui/chip.tsx'
import { StateIcon } from '../ui/state-icon.tsx'

const grave = new Set(['fails', 'deletes-data', 'deletes'])

const names: Record<string, string> = {
  fails: 'refused by the cluster',
  'deletes-data': 'deletes data',
  deletes: 'deletes',
  rbac: 'permissions',
  definition: 'definition of a kind',
  namespace: 'namespace',
  hook: 'hook',
  restarts: 'restart',
  unstable: 'not repeatable',
  'newer-definitions': 'newer definitions',
  'chart-follows': 'chart not pinned',
}

/** What a person should look at before agreeing, the gravest first. */
export function PlanRisks({ plan }: { plan: Plan }) {
  if (plan.risks.length === 0)
    return (
      <p className="flex items-center gap-2 border-b border-line px-4 py-2 text-muted">
        <StateIcon state="ok" label={null} /> Nothing restarts, nothing is deleted, no hook runs.
      </p>
    )
  return (
    <ul aria-label="Risks" className="border-b border-line">
      {plan.risks.map((risk) => {
        const bad = grave.has(risk.kind)
        return (
          <li
            key={`${risk.kind}-${risk.subject}-${risk.says}`}
            className="flex flex-wrap items-start gap-x-2 gap-y-1 border-b border-line px-4 py-2 last:border-b-0"
          >
            <StateIcon state={bad ? 'bad' : 'wait'} label={null} className="mt-[3px] size-3.5" />
            <span className="min-w-0 flex-1 basis-40">{risk.says}</span>
            <Chip tone={bad ? 'bad' : 'wait'}>{names[risk.kind] ?? risk.kind}</Chip>
          </li>
        )
      })}
    </ul>
  )
}
