/** The real `helm` program. Child processes die with the worker; output is redacted before it leaves the adapter. */
export interface Helm {
  version(): Promise<string>
  /** `helm template`-like render against the live cluster's capabilities, without touching it. */
  render(request: HelmRenderRequest): Promise<HelmRender>
  /** What it would render were each text of the chart, given with its path in it, as `edit` makes it. The chart itself stays as it is. */
  renderEdited(request: HelmRenderRequest, edit: (text: string, path: string) => string): Promise<HelmRender>
  install(request: HelmRequest, hooks: HelmHooks): Promise<HelmOutcome>
  upgrade(request: HelmRequest, hooks: HelmHooks): Promise<HelmOutcome>
  rollback(request: HelmRollback, hooks: HelmHooks): Promise<HelmOutcome>
  uninstall(request: HelmUninstall, hooks: HelmHooks): Promise<HelmOutcome>
  test(
    request: {
      releaseName: string
      namespace: string
      /** Where the release Secrets live, when that is another namespace. */
      storageNamespace?: string
      timeoutMs: number
      /** Helm itself cleans up by the `hook-delete-policy` of the chart's tests; the caller deletes what they leave. */
      cleanup: boolean
    },
    hooks: HelmHooks,
  ): Promise<HelmOutcome>
  /** A file of a chart, directory or archive; undefined = it holds none. Throws Fault `invalid` for one out of bounds. */
  readChartFile(chart: string, path: string): Promise<string | undefined>
  /**
   * Every template of a chart and its dependencies, and every other text in it that holds what they could evaluate as one;
   * called as in Helm's `# Source:` comments.
   */
  readTemplates(chart: string): Promise<{ path: string; text: string }[]>
  /** Every file of the `crds` directories of a chart and its dependencies, called likewise. */
  readDefinitions(chart: string): Promise<{ path: string; text: string }[]>
  /** `helm dependency build` in a chart directory. */
  buildDependencies(chartDir: string): Promise<HelmOutcome>
}

export interface HelmTarget {
  releaseName: string
  /** Where the objects go. */
  namespace: string
  /** Where the release Secrets live, when that is another namespace. */
  storageNamespace: string
  serviceAccount?: { namespace: string; name: string }
}

export interface HelmRequest extends HelmTarget {
  /** Directory or packed archive. */
  chart: string
  /** Effective values; written to a file of mode 0600 and removed afterwards. */
  values: Record<string, unknown>
  timeoutMs: number
  /** Helm's own wait; false unless hooks or the resource need it, the health loop waits otherwise. */
  wait: boolean
  maxHistory: number
  labels: Record<string, string>
  description: string
  force: boolean
  skipCrds: boolean
  disableOpenApiValidation: boolean
  disableHooks: boolean
  resetValues: boolean
  takeOwnership: boolean
  postRenderers: readonly unknown[]
}

export interface HelmRenderRequest extends HelmRequest {
  /** Kinds that Helm will define first, with the installation: rendered as if they were known. Absent: as the cluster is. */
  kindsToCome?: readonly KindToCome[]
}

export interface KindToCome {
  group: string
  /** Those served, in the order of the definition. */
  versions: readonly string[]
  kind: string
  plural: string
  isNamespaced: boolean
}

export interface HelmRollback extends HelmTarget {
  toRevision: number
  timeoutMs: number
  wait: boolean
  maxHistory: number
  force: boolean
  disableHooks: boolean
}

export interface HelmUninstall extends HelmTarget {
  keepHistory: boolean
  disableHooks: boolean
  timeoutMs: number
}

export interface HelmHooks {
  /** Called once the child is there and before it can change anything; it is killed where this rejects. */
  onStart(process: ChildIdentity): Promise<void>
  signal?: AbortSignal
}

/** What proves a child dead after a restart: the pid alone may be reused. */
export interface ChildIdentity {
  host: string
  pid: number
  /** Start time in clock ticks since boot, from /proc/<pid>/stat; '' where there is none. */
  startTime: string
}

export type HelmRender =
  | { kind: 'rendered'; manifest: string; hooks: { kind: string; name: string; events: string[] }[] }
  | { kind: 'failed'; message: string }

export type HelmOutcome =
  | { kind: 'succeeded'; output: string }
  /** Helm ended with an error; `message` is its last words, redacted. */
  | { kind: 'failed'; message: string }
  | { kind: 'aborted'; message: string }
