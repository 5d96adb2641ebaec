import { z } from 'zod'
import { chartLayerType } from '#lib/core/chart/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { getJsonBlob, getManifest, parseWith } from './manifest.ts'
import type { RegistryClient } from './registry-client.ts'
import { invalidAnswer } from './registry-fault.ts'

const chartLimit = 50 * 1024 * 1024

/** Helm puts Chart.yaml as JSON into the config blob. */
const ChartConfig = z.object({ version: z.string().min(1).max(200) })

/**
 * Writes the archive of a chart; `reference` is a tag, a version (a `+` stands as `_` in tags, as Helm does it) or a digest.
 * `digest` is that of the archive, so that one chart under two tags is one chart.
 */
export async function pullChart(
  client: RegistryClient,
  path: string,
  reference: string,
  targetFile: string,
): Promise<{ digest: string; version: string }> {
  const found = await getManifest(client, path, reference.replaceAll('+', '_'))
  if (!found) throw new Fault('not-found', `The registry has no chart ${path} ${reference}.`)
  const layer = found.manifest.layers?.find((candidate) => candidate.mediaType === chartLayerType)
  if (!layer || !found.manifest.config) {
    throw new Fault('chart-unavailable', `${path} ${reference} is not a Helm chart.`)
  }
  if (!layer.digest.startsWith('sha256:')) throw invalidAnswer(`The chart ${path} has a digest of an unknown kind.`)
  const config = await getJsonBlob(client, path, found.manifest.config.digest)
  const { version } = parseWith(ChartConfig, config, `the chart ${path} ${reference}`)
  const call = { path, endpoint: `blobs/${layer.digest}`, what: 'the archive', maxBytes: chartLimit }
  await client.download(call, targetFile, (sha256) => {
    if (`sha256:${sha256}` !== layer.digest) {
      throw invalidAnswer(`The archive of ${path} ${reference} does not have the digest its manifest names.`)
    }
  })
  return { digest: layer.digest, version }
}
