/** What the web process was started with and may show; no credentials. */
export interface ShownConfig {
  clusterName: string
  /** Name under which the worker keeps snapshots: the repository's URL without credentials. */
  repository: string | undefined
  branch: string
  defaultMode: 'observe' | 'act'
  insecureRegistries: readonly string[]
  version: string
}
