import { isRefName, readEnteredAddress } from '#lib/core/connection/index.ts'
import { connectionBinding } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { ConnectionCredential, ConnectionRecord, Store } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { connectionFact, readConnectionFact } from '../read/connection-facts.ts'
import type { ShownConfig } from '../read/shown-config.ts'
import type { RequestDeps } from './run-command.ts'
import { sealForWorker, type SealDeps } from './seal-for-worker.ts'

export type ConnectionDeps = RequestDeps &
  SealDeps & {
    wakeups: Pick<Wakeups, 'wake'>
    shown: Pick<ShownConfig, 'source'>
    /** Has what is asked of this process from now on answered by the new connection. */
    renewShown(): Promise<void>
  }

export interface GivenConnection {
  url: string
  branch: string
  credential: GivenCredential
}

type GivenCredential =
  /** The one there was; it stays only at the host it was entered for. */
  | { kind: 'keep' }
  | { kind: 'none' }
  | { kind: 'password'; username: string; password: string }
  | { kind: 'github-token'; token: string }
  | { kind: 'github-app'; appId: string; key: string }

/**
 * Connects the config repository, or another one in its place; the worker follows it from then on. Nothing is deleted on
 * account of that, and every environment is only observed until somebody enables acting again (semantics.md §9.19, §9.22).
 * Throws Fault `conflict` where the environment of the processes names one, `invalid`.
 */
export async function changeConnection(
  deps: ConnectionDeps,
  caller: Caller,
  given: GivenConnection,
): Promise<{ saved: true }> {
  ask(caller, 'settings:write')
  await assertOurs(deps)
  const before = await deps.store.getConnection()
  const record = await recordOf(deps, caller, given, before)
  const isAnother = before?.url !== record.url || before.branch !== record.branch
  await deps.store.transaction(async (store) => {
    await store.saveConnection(record)
    if (isAnother) await observeAll(store)
    const kind = before ? 'repository.changed' : 'repository.connected'
    await store.record([
      { at: record.savedAt, kind, actor: caller.email, subject: record.url, data: dataOf(record, before) },
    ])
  })
  await announceChange(deps)
  return { saved: true }
}

/** Follows no repository any more. What runs goes on running; nothing is deleted. Throws `not-found`. */
export async function removeConnection(deps: ConnectionDeps, caller: Caller): Promise<{ removed: true }> {
  ask(caller, 'settings:write')
  await assertOurs(deps)
  const before = await deps.store.getConnection()
  if (!before) throw new Fault('not-found', 'No repository is connected.')
  const at = deps.clock.now()
  await deps.store.transaction(async (store) => {
    await store.removeConnection()
    await observeAll(store)
    const data = { branch: before.branch }
    await store.record([{ at, kind: 'repository.disconnected', actor: caller.email, subject: before.url, data }])
  })
  await announceChange(deps)
  return { removed: true }
}

async function assertOurs({ store, shown }: ConnectionDeps): Promise<void> {
  const told = readConnectionFact(await store.getFact(connectionFact))
  const isWorkers = told?.source === 'environment' && shown.source !== 'settings'
  if (shown.source !== 'environment' && !isWorkers) return
  throw new Fault('conflict', 'The repository is set by the environment of the processes.', {
    suggestion: 'Change WHEELHOUSE_REPOSITORY and WHEELHOUSE_BRANCH there, or leave them out to connect one here.',
  })
}

async function recordOf(
  deps: ConnectionDeps,
  caller: Caller,
  given: GivenConnection,
  before: ConnectionRecord | undefined,
): Promise<ConnectionRecord> {
  const { url, host, by } = readEnteredAddress(given.url)
  if (!isRefName(given.branch)) throw new Fault('invalid', 'This is not the name of a branch.')
  if (by === 'ssh' && given.credential.kind !== 'none' && given.credential.kind !== 'keep')
    throw new Fault('invalid', 'An address of SSH is reached by the deploy key.', {
      suggestion: 'Enter the deploy key at the Git host, and no credential here.',
    })
  const kept = before?.host === host ? before : undefined
  const id = kept?.id ?? deps.newId('rep')
  const credential = await credentialOf(deps, given.credential, { id, host }, kept?.credential)
  const at = { savedAt: deps.clock.now(), savedBy: caller.email }
  return { id, url, branch: given.branch, host, credential: by === 'ssh' ? { kind: 'none' } : credential, ...at }
}

async function credentialOf(
  deps: SealDeps,
  given: GivenCredential,
  place: { id: string; host: string },
  kept: ConnectionCredential | undefined,
): Promise<ConnectionCredential> {
  const seal = (secret: string) => sealForWorker(deps, secret, connectionBinding(place))
  switch (given.kind) {
    case 'keep':
      // Of another host it is dropped: what was entered for one is never sent to another.
      return kept ?? { kind: 'none' }
    case 'none':
      return { kind: 'none' }
    case 'password':
      return { kind: 'password', username: given.username, sealed: await seal(given.password) }
    case 'github-token':
      return { kind: 'github-token', sealed: await seal(given.token) }
    case 'github-app':
      return { kind: 'github-app', appId: given.appId, sealed: await seal(given.key) }
  }
}

async function observeAll(store: Store): Promise<void> {
  for (const [environment, mode] of Object.entries(await store.environmentModes()))
    if (mode === 'act') await store.setEnvironmentMode(environment, 'observe')
}

const dataOf = (record: ConnectionRecord, before: ConnectionRecord | undefined) => ({
  branch: record.branch,
  credential: record.credential.kind,
  ...(before && { before: { url: before.url, branch: before.branch, credential: before.credential.kind } }),
})

async function announceChange(deps: ConnectionDeps): Promise<void> {
  await deps.renewShown()
  deps.wakeups.wake('connection')
  deps.wakeups.wake('outbox')
}
