/** What the web process was started with, or was connected on a page, and may show; no credentials. */
export interface ShownConfig {
  clusterName: string
  /** Name under which the worker keeps snapshots: the repository's URL without credentials. */
  repository: string | undefined
  branch: string
  /** Who names repository and branch; `environment`: nothing a page could change. */
  source: 'environment' | 'settings' | 'none'
  defaultMode: 'observe' | 'act'
  insecureRegistries: readonly string[]
  version: string
}
