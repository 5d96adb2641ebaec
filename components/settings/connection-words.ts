import type { Connection } from '#lib/api/connection.ts'
import type { State } from '../ui/state-icon.tsx'

type Reach = NonNullable<Connection['reach']>
type Step = NonNullable<Connection['test']>['steps'][number]

/** By what the repository is reached, in a line. */
export function reachWords(reach: Reach): string {
  switch (reach.kind) {
    case 'github-app':
      return `GitHub App ${reach.appId} at ${reach.host}`
    case 'github-token':
      return `token for GitHub at ${reach.host}`
    case 'deploy-key':
      return `SSH to ${reach.host}, by the deploy key`
    case 'password':
      return `HTTP to ${reach.host}, by user and password`
    case 'anonymous':
      return `HTTP to ${reach.host}, without a credential`
    case 'local':
      return 'a path on the disk of the worker'
  }
}

export const syncStates: Record<Connection['sync']['state'], { state: State; words: string }> = {
  unconfigured: { state: 'none', words: 'none connected' },
  waiting: { state: 'run', words: 'not fetched yet' },
  ready: { state: 'ok', words: 'fetched' },
  unreachable: { state: 'bad', words: 'cannot be reached' },
  failed: { state: 'bad', words: 'failed' },
}

export const stepNames: Record<Step['name'], string> = {
  read: 'Read',
  write: 'Write',
  api: 'GitHub API',
  'deploy-key': 'Deploy key',
}

export const stepStates: Record<Step['state'], State> = { ok: 'ok', warning: 'wait', failed: 'bad' }
