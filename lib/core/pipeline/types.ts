/** What `wheelhouse.yaml` says; absent file = `defaultConfig`. */
export interface WheelhouseConfig {
  /** Explicit order of environments; empty = inferred. */
  environments: string[]
  /** `ask` where nothing is said. */
  deletion: { default: DeletionPolicy; environments: Record<string, DeletionPolicy> }
  /** Paths to read instead of `namespaces/` and `releases/`; empty = those. */
  paths: string[]
  applications: Record<string, { source?: string }>
  /** Holds on whole environments or applications (§9.11). */
  holds: { environments: Record<string, Hold>; applications: Record<string, Hold> }
  /** Stop button as Git has it (§9.13): the reason, for everything or for one environment. */
  stop: { all?: string; environments: Record<string, string> }
}

export interface Hold {
  user?: string
  message?: string
  /** RFC 3339. */
  until?: string
}

export type DeletionPolicy = 'off' | 'ask' | 'on'
