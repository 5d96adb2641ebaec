import { z } from 'zod'
import type { ImageFacts } from '#lib/ports/registry.ts'
import { getJsonBlob, getManifest, parseWith, type Manifest } from './manifest.ts'
import type { RegistryClient } from './registry-client.ts'
import { invalidAnswer } from './registry-fault.ts'

const Labels = z.record(z.string(), z.unknown()).nullish()
const ImageConfig = z.object({
  created: z.string().nullish(),
  config: z.object({ Labels }).nullish(),
  container_config: z.object({ Labels }).nullish(),
})

/** What an image says of itself, the same for every tag and repository it is in. */
export type ImageContent = Pick<ImageFacts, 'created' | 'labels'>

const nothing: ImageContent = { created: null, labels: {} }

/** Artifacts that carry no image configuration: Helm charts, signatures, attestations. */
const otherConfigs = /vnd\.cncf\.helm|vnd\.oci\.empty|vnd\.in-toto|cosign|vnd\.wasm/

/** Build time and labels of the image, in an index those of its first linux/amd64 image; none there: nothing. */
export async function readContent(client: RegistryClient, path: string, manifest: Manifest): Promise<ImageContent> {
  if (manifest.manifests) {
    const chosen = manifest.manifests.find(
      ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
    )
    if (!chosen) return nothing
    const inner = await getManifest(client, path, chosen.digest)
    if (!inner || inner.manifest.manifests) throw invalidAnswer(`The index in ${path} names a manifest that is none.`)
    return readContent(client, path, inner.manifest)
  }
  if (manifest.schemaVersion === 1) return schemaOne(manifest)
  if (!manifest.config) throw invalidAnswer(`The manifest in ${path} has no configuration.`)
  if (otherConfigs.test(manifest.config.mediaType ?? '')) return nothing
  const body = await getJsonBlob(client, path, manifest.config.digest)
  return fromConfig(parseWith(ImageConfig, body, `the image configuration in ${path}`))
}

function schemaOne(manifest: Manifest): ImageContent {
  const newest = manifest.history?.[0]?.v1Compatibility
  if (newest === undefined) return nothing
  return fromConfig(parseWith(ImageConfig, Buffer.from(newest), 'the image history'))
}

function fromConfig(config: z.infer<typeof ImageConfig>): ImageContent {
  const labels: Record<string, string> = {}
  for (const [key, value] of Object.entries({ ...config.container_config?.Labels, ...config.config?.Labels })) {
    if (typeof value === 'string') labels[key] = value
  }
  return { created: readTime(config.created), labels }
}

/** Milliseconds since the epoch. Builders without a clock write the year 1 or 1970: that is no build time. */
export function readTime(text: string | null | undefined): number | null {
  const time = /^\d{4}-\d\d-\d\d[Tt ]/.test(text ?? '') ? Date.parse(String(text)) : Number.NaN
  return Number.isNaN(time) || time <= 0 ? null : time
}

/** The build time that labels tell, for those who trust them more (Flux's `--registry-use-labels`). */
export function timeFromLabels(labels: Record<string, string>): number | null {
  return readTime(labels['org.opencontainers.image.created']) ?? readTime(labels['org.label-schema.build-date'])
}
