import { BareRepository } from './bare-repository.ts'
import { Faults } from './faults.ts'
import { Hooks, type HookRegistration } from './hooks.ts'
import { Identities, type AppRegistration, type PersonToken } from './identities.ts'
import type { PushedRef } from '../git-backend.ts'
import { pushEvent } from './events.ts'

export interface GitHubOptions {
  owner: string
  name: string
  /** Path of the bare repository. */
  bare: string
  defaultBranch: string
  people?: PersonToken[]
  app?: AppRegistration
  hooks?: HookRegistration[]
  /** Statuses without which no pull request is merged, as protection rules of a branch ask for. */
  requiredChecks?: string[]
  /** More repositories, for the same people and the same App. */
  beside?: BesideOptions[]
}

export type BesideOptions = Pick<
  GitHubOptions,
  'owner' | 'name' | 'bare' | 'defaultBranch' | 'hooks' | 'requiredChecks'
>

export interface Pull {
  number: number
  title: string
  body: string | null
  head: string
  base: string
  state: 'open' | 'closed'
  author: string
  createdAt: string
  /** Commit of the head when it was closed; the branch may be gone then. */
  closedHead?: string
  merged?: { commit: string; by: string; at: string }
}

export interface Comment {
  id: number
  issue: number
  body: string
  author: string
  createdAt: string
  updatedAt: string
}

export interface Status {
  id: number
  sha: string
  state: string
  context: string
  description: string | null
  targetUrl: string | null
  author: string
}

export interface CheckRun {
  id: number
  sha: string
  name: string
  status: string
  conclusion: string | null
  title: string | null
  detailsUrl: string | null
}

export interface Deployment {
  id: number
  sha: string
  ref: string
  environment: string
  description: string | null
  author: string
  payload: Record<string, unknown> | string
  statuses: { id: number; state: string; description: string; logUrl: string; author: string }[]
}

/** One repository at GitHub: real Git below, everything else in memory. */
export class GitHubState {
  readonly owner: string
  name: string
  readonly defaultBranch: string
  readonly bare: BareRepository
  readonly identities: Identities
  readonly hooks: Hooks
  readonly faults = new Faults()
  readonly formerNames = new Set<string>()
  readonly protectedBranches = new Set<string>()
  readonly requiredChecks: readonly string[]
  /** Else pull requests are rebased or squashed alone. */
  allowsMergeCommits = true
  /** Permissions that nobody has here: `contents`, `statuses`. */
  readonly withheld = new Set<string>()
  readonly pulls: Pull[] = []
  readonly comments: Comment[] = []
  readonly statuses: Status[] = []
  readonly deployments: Deployment[] = []
  readonly checkRuns: CheckRun[] = []
  /** Address of the server, once it listens. */
  url = ''
  #ids = 1000

  /** `identities`: those of another repository at the same GitHub. */
  constructor(options: GitHubOptions, identities = new Identities(options.people ?? [], options.app)) {
    this.owner = options.owner
    this.name = options.name
    this.defaultBranch = options.defaultBranch
    this.bare = new BareRepository(options.bare)
    this.identities = identities
    this.hooks = new Hooks(options.hooks ?? [])
    this.requiredChecks = options.requiredChecks ?? []
  }

  get apiUrl(): string {
    return `${this.url}/api/v3`
  }

  get repositoryUrl(): string {
    return `${this.apiUrl}/repos/${this.owner}/${this.name}`
  }

  nextId(): number {
    return (this.#ids += 1)
  }

  /** As people do in the settings: calls and fetches by the old name are sent on to the new one. */
  rename(name: string): void {
    this.formerNames.add(this.name)
    this.formerNames.delete(name)
    this.name = name
  }

  /** Tells the webhooks what was pushed, by Git or by the API: branches and tags, of nothing else GitHub tells. */
  async pushed(ref: PushedRef, by: string): Promise<void> {
    if (!/^refs\/(heads|tags)\//.test(ref.ref)) return
    this.hooks.emit('push', await pushEvent(this, ref, by))
  }
}
