import type { Gates } from '../gate/types.ts'

/** What `wheelhouse.yaml` says; absent file = `defaultConfig`. */
export interface WheelhouseConfig {
  /** Explicit order of environments; empty = inferred. */
  environments: string[]
  /** `ask` where nothing is said. */
  deletion: { default: DeletionPolicy; environments: Record<string, DeletionPolicy> }
  /** Paths to read instead of `namespaces/` and `releases/`; empty = those. */
  paths: string[]
  applications: Record<string, ApplicationRules>
  /** Holds on whole environments or applications (§9.11). */
  holds: { environments: Record<string, Hold>; applications: Record<string, Hold> }
  /** Stop button as Git has it (§9.13): the reason, for everything or for one environment. */
  stop: { all?: string; environments: Record<string, string> }
  /** How each environment takes promotions; of one without an entry everything is inferred, and it has no gates. */
  promotion: Record<string, PromotionRules>
}

/** Where an application is built from. */
export interface ApplicationRules {
  /** Address of its source repository, as written. */
  source?: string
  /** Branch by environment; absent = the one that is called as the environment, or the repository's own for the last. */
  branches?: Record<string, string>
}

/** How changes come into one environment. */
export interface PromotionRules {
  /** Environments it is promoted from; absent = the one to the left, empty = none. */
  from?: string[]
  /** Absent = whichever its filter asks for. */
  way?: PromotionWay
  /** Template for names when re-tagging; absent = by the filter. */
  tag?: string
  gates: Gates
  /** How long a promotion may take to become healthy, in milliseconds, and whether it is rolled back when it does not. */
  verify: { timeoutMs: number; rollback: boolean }
}

/**
 * - `commit`: the tags that run in the source are committed.
 * - `retag`: the same image gets a tag of this environment in the registry first, and that is committed.
 * - `pull-request`: as whichever of these the filter asks for, but proposed in a pull request of its own.
 * - `merge`: the source is merged into the branch of this environment, and what CI builds from that is committed.
 */
export type PromotionWay = 'commit' | 'retag' | 'pull-request' | 'merge'

export interface Hold {
  user?: string
  message?: string
  /** RFC 3339. */
  until?: string
}

export type DeletionPolicy = 'off' | 'ask' | 'on'
