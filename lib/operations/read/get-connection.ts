import type { ConnectionCredential, ConnectionRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { readConnectionFact, readRepositoryTest, connectionFact, repositoryTestFact } from './connection-facts.ts'
import type { ConnectionFact, RepositoryTest } from './connection-facts.ts'
import { repositoryFact, type RepositoryFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface ConnectionView {
  source: ShownConfig['source']
  url?: string
  branch: string
  /** Undefined until the worker has opened it. */
  reach?: ConnectionFact['reach']
  /** As it was written, with the user of an address of SSH. */
  entered?: { url: string; credential: ShownConnectionCredential; host: string; savedAt: number; savedBy: string }
  sync: Pick<RepositoryFact, 'state' | 'reason'> & { at?: number; head?: string; subject?: string }
  test?: Omit<RepositoryTest, 'repository' | 'branch'>
  /** When a delivery about Git last came, from whatever sender. */
  webhookAt?: number
}

/** Without its secret, sealed or not. */
type ShownConnectionCredential =
  | { kind: 'none' }
  | { kind: 'password'; username: string }
  | { kind: 'github-token' }
  | { kind: 'github-app'; appId: string }

interface Deps {
  store: Pick<Store, 'getFact' | 'getConnection' | 'latestSnapshot' | 'listWebhooks'>
  shown: ShownConfig
}

/** Which repository is followed, by what it is reached, how that goes, and what the last test of it found. */
export async function getConnection(deps: Deps, caller: Caller): Promise<ConnectionView> {
  ask(caller, 'settings:read')
  const { store, shown } = deps
  const [told, sync, tested, record, hooks] = await Promise.all([
    store.getFact(connectionFact).then(readConnectionFact),
    store.getFact('repository').then(repositoryFact),
    store.getFact(repositoryTestFact).then(readRepositoryTest),
    store.getConnection(),
    store.listWebhooks(),
  ])
  // A web process that was not given the environment of the worker learns from it.
  const byWorker = shown.source === 'environment' || told?.source !== 'environment' ? undefined : told
  const url = byWorker?.repository ?? shown.repository
  const branch = byWorker?.branch ?? shown.branch
  const isOfThis = (fact: { repository?: string; branch?: string } | undefined) =>
    fact?.repository === url && fact?.branch === branch
  const source = byWorker ? 'environment' : shown.source
  const head = url === undefined ? undefined : await store.latestSnapshot(url)
  const isSynced = url !== undefined && isOfThis(sync && { repository: sync.url, branch: sync.branch })
  return {
    source,
    url,
    branch,
    reach: isOfThis(told) ? told?.reach : undefined,
    entered: record && source === 'settings' ? enteredOf(record) : undefined,
    sync: {
      ...(isSynced && sync ? { state: sync.state, reason: sync.reason, at: sync.at } : unknownSync(url)),
      head: isSynced ? head?.commit : undefined,
      subject: isSynced ? head?.subject : undefined,
    },
    test: isOfThis(tested) ? tested : undefined,
    webhookAt: lastOf(hooks.flatMap(({ kind, last }) => (isOfGit(kind) && last ? [last.at] : []))),
  }
}

const isOfGit = (kind: string): boolean => kind === 'github' || kind === 'git'

const lastOf = (times: readonly number[]): number | undefined => (times.length > 0 ? Math.max(...times) : undefined)

function unknownSync(url: string | undefined): ConnectionView['sync'] {
  if (url === undefined) return { state: 'unconfigured' }
  return { state: 'waiting', reason: 'The worker has not fetched it yet.' }
}

function enteredOf({ url, credential, host, savedAt, savedBy }: ConnectionRecord): ConnectionView['entered'] {
  return { url, credential: withoutSecret(credential), host, savedAt, savedBy }
}

function withoutSecret(credential: ConnectionCredential): ShownConnectionCredential {
  switch (credential.kind) {
    case 'none':
    case 'github-token':
      return { kind: credential.kind }
    case 'password':
      return { kind: 'password', username: credential.username }
    case 'github-app':
      return { kind: 'github-app', appId: credential.appId }
  }
}
