import { deployKeyBinding, sealFor, sealingKey } from '#lib/core/credential/index.ts'
import { deployKeyOf, seedBytes } from '#lib/core/ssh/index.ts'
import type { Access } from '#lib/ports/config-repository.ts'
import type { DeployKeyRecord, Store } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'

type MakeDeps = Pick<WorkerDeps, 'store' | 'clock' | 'newId' | 'random'> & {
  settings: Pick<WorkerDeps['settings'], 'credentialSeed'>
}

/** From its first start on a worker has a key pair, so that it can be entered at a Git host before anything is connected. */
export async function ensureDeployKey(deps: MakeDeps): Promise<void> {
  if ((await deps.store.listDeployKeys()).length > 0) return
  await addDeployKey(deps, 'wheelhouse', () => Promise.resolve())
}

/**
 * A new pair beside the one in use: both are offered until the new one lets us in. One that was still to take its place
 * makes room for it, and so does one that the repository is not reached by. The private half never leaves the worker but
 * into a file for one command.
 */
export async function rotateDeployKey(
  deps: MakeDeps & Pick<WorkerDeps, 'settings'>,
  actor: string,
): Promise<DeployKeyRecord> {
  const known = await deps.store.listDeployKeys()
  const waiting = deps.settings.reach.kind === 'deploy-key' ? known.slice(1) : known
  return addDeployKey(deps, actor, async (store) => {
    for (const { id, fingerprint } of waiting) {
      await store.removeDeployKey(id)
      const data = { fingerprint }
      await store.record([{ at: deps.clock.now(), kind: 'deploy-key.withdrawn', actor, subject: id, data }])
    }
  })
}

async function addDeployKey(
  deps: MakeDeps,
  actor: string,
  before: (store: Store) => Promise<void>,
): Promise<DeployKeyRecord> {
  const id = deps.newId('dky')
  const seed = deps.random(seedBytes)
  const own = sealingKey(Buffer.from(deps.settings.credentialSeed, 'base64url'))
  const sealed = sealFor(own, seed.toString('base64url'), deployKeyBinding(id), deps.random(64))
  const createdAt = deps.clock.now()
  const key = { id, ...deployKeyOf(seed), sealed, createdAt, createdBy: actor, authenticatedAt: undefined }
  await deps.store.transaction(async (store) => {
    await before(store)
    await store.saveDeployKey(key)
    const data = { fingerprint: key.fingerprint }
    await store.record([{ at: createdAt, kind: 'deploy-key.created', actor, subject: id, data }])
  })
  return key
}

type SettleDeps = Pick<WorkerDeps, 'store' | 'clock' | 'git' | 'wakeups' | 'settings'>

/** What became of a key that waits to be let in. */
export type Settled =
  /** Nothing waits, or the repository is not reached by a key. */
  { kind: 'nothing' } | { kind: 'let-in'; dropped: DeployKeyRecord | undefined } | { kind: 'waits'; reason: string }

/**
 * Tries the newest key by itself, where it has not let us in yet. Once it may do what the one before may, that one is
 * dropped: a new key that was entered without write access must not end the writing.
 */
export async function settleDeployKeys(deps: SettleDeps): Promise<Settled> {
  if (deps.settings.reach.kind !== 'deploy-key') return { kind: 'nothing' }
  const keys = await deps.store.listDeployKeys()
  const newest = keys.at(-1)
  if (!newest || newest.authenticatedAt !== undefined) return { kind: 'nothing' }
  const before = keys.length > 1 ? keys[0] : undefined
  const access = await deps.git.tryAccess({ write: false, key: newest.id })
  const missing = before
    ? await whatIsMissing(deps, access, before)
    : access.kind === 'none'
      ? access.reason
      : undefined
  if (missing !== undefined) return { kind: 'waits', reason: missing }
  await letIn(deps, newest, before)
  return { kind: 'let-in', dropped: before }
}

async function whatIsMissing(deps: SettleDeps, access: Access, before: DeployKeyRecord): Promise<string | undefined> {
  if (access.kind === 'write') return undefined
  if (access.kind === 'none') return access.reason
  const old = await deps.git.tryAccess({ write: false, key: before.id })
  return old.kind === 'write' ? `The new key may read, and not write: ${access.reason}` : undefined
}

async function letIn(deps: SettleDeps, key: DeployKeyRecord, before: DeployKeyRecord | undefined): Promise<void> {
  const at = deps.clock.now()
  const actor = 'wheelhouse'
  await deps.store.transaction(async (store) => {
    await store.noteDeployKey(key.id, at)
    const data = { fingerprint: key.fingerprint }
    await store.record([{ at, kind: 'deploy-key.let-in', actor, subject: key.id, data }])
    if (!before) return
    await store.removeDeployKey(before.id)
    const dropped = { fingerprint: before.fingerprint }
    await store.record([{ at, kind: 'deploy-key.dropped', actor, subject: before.id, data: dropped }])
  })
  deps.wakeups.wake('outbox')
}
