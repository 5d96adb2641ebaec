/** Helm HTTP repositories. Throws Fault `chart-unavailable`, `invalid`. */
export interface ChartRepository {
  /** Highest version that satisfies `version` (exact or constraint) from index.yaml; writes the archive, checks its digest. */
  pull(
    source: { url: string; name: string; version: string },
    targetFile: string,
  ): Promise<{ version: string; digest: string }>
}
