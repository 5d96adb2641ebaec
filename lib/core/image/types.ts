/** A container image reference as written, and what it means. */
export interface ImageRef {
  /** The text as it stands in the document, e.g. `stefanprodan/podinfo:dev-kb9lm91e`. */
  written: string
  /** Canonical host: `index.docker.io` for Docker Hub, else host[:port]. */
  host: string
  /** Path below the host: `library/nats`, `stefanprodan/podinfo`. */
  path: string
  tag?: string
  /** `sha256:…` where one is written. */
  digest?: string
}
