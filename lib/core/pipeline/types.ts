/** What `wheelhouse.yaml` says; absent file = `defaultConfig`. */
export interface WheelhouseConfig {
  /** Explicit order of environments; empty = inferred. */
  environments: string[]
  /** `ask` where nothing is said. */
  deletion: { default: DeletionPolicy; environments: Record<string, DeletionPolicy> }
  /** Paths to read instead of `namespaces/` and `releases/`; empty = those. */
  paths: string[]
  applications: Record<string, { source?: string }>
}

export type DeletionPolicy = 'off' | 'ask' | 'on'
