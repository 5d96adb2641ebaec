import { Fault } from '#lib/core/fault/index.ts'
import { holdUntilKey, parsePolicy, policyKey } from '#lib/core/policy/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { DocumentChange } from '#lib/core/values/index.ts'
import type { CommandRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { isGated } from '#lib/core/gate/index.ts'
import { decideUpdates, expectsOf, toChange, type ContainerDecision } from '../work/decide-containers.ts'
import { guardInForce } from '../work/guards.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { desiredOf, requestEdit } from './request-edit.ts'
import type { CommandResult } from './execute-command.ts'

export type PolicyChange =
  | { kind: 'automate' }
  | { kind: 'deautomate' }
  | { kind: 'lock'; message: string; until?: string }
  | { kind: 'unlock' }
  | { kind: 'policy'; container: string; pattern: string | null }

/** Every change of policy is an edit of annotations in Git, under the spelling the document already uses. */
export async function changePolicies(
  deps: WorkerDeps,
  command: CommandRecord,
  record: ReleaseRecord,
  change: PolicyChange,
): Promise<CommandResult> {
  const release = desiredOf(deps, record)
  const { changes, done } = editsFor(release, change, command.actor.email)
  // Lifting a hold and the update then due are one commit (§9.11).
  const due = change.kind === 'unlock' ? await updateDue(deps, record, release) : []
  const brings = due.flatMap(({ decision }) => (decision.kind === 'move' ? [decision.tag] : []))
  return requestEdit(deps, command, record, release, {
    kind: change.kind,
    changes: [...changes, ...due.map(toChange)],
    expects: expectsOf(due),
    reason: brings.length > 0 ? `${done} It brings ${brings.join(', ')}.` : done,
    auditKind: `policy.${auditVerb[change.kind]}`,
  })
}

/** What automation would commit once nothing holds the release; behind gates it becomes a promotion instead. */
async function updateDue(
  deps: WorkerDeps,
  record: ReleaseRecord,
  release: DesiredRelease,
): Promise<ContainerDecision[]> {
  const { snapshot } = deps.memory
  if (!snapshot || !release.automation.automated || isGated(guardInForce(deps, record).inForce.gates)) return []
  const decided = await decideUpdates(deps, { record, release, snapshot }, { digests: true })
  return decided.filter(({ decision }) => decision.kind === 'move')
}

const auditVerb = {
  automate: 'automated',
  deautomate: 'deautomated',
  lock: 'locked',
  unlock: 'unlocked',
  policy: 'changed',
} as const satisfies Record<PolicyChange['kind'], string>

function editsFor(
  release: DesiredRelease,
  change: PolicyChange,
  actor: string,
): { changes: DocumentChange[]; done: string } {
  const annotations = release.annotations
  const set = (name: Parameters<typeof policyKey>[1], value: string | null): DocumentChange => ({
    kind: 'annotation',
    key: policyKey(annotations, name),
    value,
  })
  switch (change.kind) {
    case 'automate':
      return { changes: [set('automated', 'true')], done: 'Policies update it from now on.' }
    case 'deautomate':
      return { changes: [set('automated', null)], done: 'Policies no longer update it.' }
    case 'lock':
      return {
        changes: [
          set('locked', 'true'),
          set('locked_user', actor),
          set('locked_msg', change.message),
          ...(change.until ? [{ kind: 'annotation' as const, key: holdUntilKey, value: change.until }] : []),
        ],
        done: `Held: ${change.message}`,
      }
    case 'unlock':
      return {
        changes: [
          set('locked', null),
          set('locked_user', null),
          set('locked_msg', null),
          { kind: 'annotation', key: holdUntilKey, value: null },
        ],
        done: 'The hold is lifted.',
      }
    case 'policy':
      return policyEdit(release, change.container, change.pattern, set)
  }
}

function policyEdit(
  release: DesiredRelease,
  container: string,
  pattern: string | null,
  set: (name: `tag.${string}`, value: string | null) => DocumentChange,
) {
  if (!release.containers.some((candidate) => candidate.name === container))
    throw new Fault('invalid', `${release.id} has no container ${container}.`, {
      suggestion: `It has: ${release.containers.map((candidate) => candidate.name).join(', ') || 'none'}.`,
    })
  if (pattern !== null) {
    const parsed = parsePolicy(pattern)
    if (!parsed.ok) throw new Fault('invalid', parsed.problem.message, { suggestion: parsed.problem.suggestion })
  }
  return {
    changes: [set(`tag.${container}`, pattern)],
    done: pattern === null ? `The filter of ${container} is removed.` : `${container} follows ${pattern}.`,
  }
}
