import { Fault } from '#lib/core/fault/index.ts'
import type { Message } from '#lib/core/notification/index.ts'
import type { CommitStatus } from '#lib/ports/git-host.ts'
import type { Handle, Sent } from '#lib/ports/notifier.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'gitHost' | 'memory'>

/**
 * Tells of an incident beside the commit that the release runs, or at the head of the branch where it is about no release; the
 * deployment that the host shows as active fails with it, and is well again when it is over. `handle` = what the first
 * message left: the end stands where the beginning does, wherever the branch is by then.
 */
export async function tellCommit(
  deps: Deps,
  message: Message,
  { alert, handle }: { alert: string | undefined; handle: Handle | undefined },
): Promise<Sent> {
  const { gitHost } = deps
  if (!gitHost)
    return { kind: 'refused', reason: 'The repository is not at GitHub, or Wheelhouse has no credential for it there' }
  const release = alert === undefined ? undefined : (await deps.store.getAlert(alert))?.release
  const active = release === undefined ? undefined : await deps.store.activeHostDeployment(release)
  const place = handle ?? (await placeOf(deps, message, release, active?.commit))
  const { commit = '', name = '' } = place
  if (commit === '') return { kind: 'later', reason: 'No commit is read yet' }
  const { words, state } = said(message)
  try {
    await gitHost.setStatus({ commit, name, state, description: words, url: message.link })
    // One that something took the place of is over, whatever becomes of the incident.
    if (active) await gitHost.setDeploymentState(active.deployment, { state, description: words, url: message.link })
    return { kind: 'sent', handle: place, answer: `${name} of ${commit.slice(0, 7)} is ${state}` }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.retryable) return { kind: 'later', afterMs: error.retryAfterMs, reason: error.message }
    return { kind: 'refused', reason: error.message }
  }
}

function said({ state, title }: Message): {
  words: string
  state: Extract<CommitStatus['state'], 'success' | 'failure'>
} {
  const isOver = state === 'recovered' || state === 'test'
  return { words: state === 'acknowledged' ? `Acknowledged: ${title}` : title, state: isOver ? 'success' : 'failure' }
}

async function placeOf(
  { store, memory }: Deps,
  { kind, state }: Message,
  id: string | undefined,
  active: string | undefined,
): Promise<Handle> {
  const head = memory.snapshot?.commit ?? ''
  if (state === 'test') return { commit: head, name: 'wheelhouse/alerts/test' }
  const release = id === undefined ? undefined : memory.releases.get(id)
  if (!release) return { commit: head, name: `wheelhouse/alerts/${kind}` }
  const name = `wheelhouse/alerts/${release.name}/${kind}`
  if (active !== undefined) return { commit: active, name }
  const { items } = await store.listRevisions(release.id)
  return { commit: items.find(({ status }) => status === 'deployed')?.commit ?? head, name }
}
