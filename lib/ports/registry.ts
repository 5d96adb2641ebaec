/** One OCI registry host, with its own rate budget. Throws Fault `registry-*`, `rate-limited` (with `retryAfterMs`), `not-found`. */
export interface Registry {
  /** Every tag, to the last page. `unchanged` when the registry says so for `etag`. Never a half list: throws instead. */
  listTags(repository: RepositoryAddress, options?: { etag?: string; signal?: AbortSignal }): Promise<TagList>
  /** Digest by HEAD; undefined = no such tag. */
  headTag(repository: RepositoryAddress, tag: string): Promise<{ digest: string; mediaType: string } | undefined>
  /** Digest, build time (first linux/amd64 of an index) and labels. */
  readImage(repository: RepositoryAddress, tag: string): Promise<ImageFacts | undefined>
  /**
   * Gives the image of a digest one more tag, byte for byte, indexes included (semantics §9.29). A tag that names another
   * digest is never moved: Fault `conflict`. Fault `not-found` where the repository has no such image.
   */
  addTag(repository: RepositoryAddress, digest: string, tag: string): Promise<void>
  /** Blob by digest as a file, for charts; checks the digest. */
  pullChart(
    repository: RepositoryAddress,
    reference: string,
    targetFile: string,
  ): Promise<{ digest: string; version: string }>
}

export interface RepositoryAddress {
  /** Canonical host as in ImageRef. */
  host: string
  path: string
}

export type TagList = { kind: 'read'; tags: string[]; etag?: string } | { kind: 'unchanged' }

export interface ImageFacts {
  digest: string
  /** Milliseconds since the epoch; null = the config carries none (or a zero time). */
  created: number | null
  labels: Record<string, string>
}
