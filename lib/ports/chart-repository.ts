import type { SecretName } from '../core/release/types.ts'

/** Helm HTTP repositories. Throws Fault `chart-unavailable`, `invalid`. */
export interface ChartRepository {
  /** The highest version that satisfies `version` (exact or constraint), by index.yaml. */
  find(source: ChartAddress): Promise<FoundChart>
  /** Writes that archive, checks it against the index, and returns its digest, `sha256:…`. */
  pull(source: ChartAddress, found: FoundChart, targetFile: string): Promise<string>
}

export interface ChartAddress {
  url: string
  name: string
  version: string
  /** Holds username and password for the repository's own host. */
  secret?: SecretName
}

export interface FoundChart {
  version: string
  /** As the index says it: relative to the repository, or a URL of its own. */
  location: string
  /** `sha256:…`; absent where the index names none. */
  digest?: string
}
