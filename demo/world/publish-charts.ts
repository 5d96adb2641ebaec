import { execFile } from 'node:child_process'
import { mkdir, readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { childEnvironment } from './child-environment.ts'
import type { RegistryAddress } from './types.ts'

const run = promisify(execFile)

/**
 * Packs charts with helm and publishes them: those of `sources/http` in the chart repository (with its index),
 * those of `sources/oci` in the registry under `charts/`. A version that is out stays as it is.
 */
export async function publishCharts(input: {
  helm: string
  sources: string
  repository: { url: string; directory: string }
  registry: RegistryAddress
  /** Scratch space for helm's caches. */
  scratch: string
}): Promise<void> {
  const { helm, sources, repository, registry, scratch } = input
  await mkdir(repository.directory, { recursive: true })
  const env = childEnvironment({
    PATH: process.env.PATH,
    HELM_CACHE_HOME: join(scratch, 'cache'),
    HELM_CONFIG_HOME: join(scratch, 'config'),
    HELM_DATA_HOME: join(scratch, 'data'),
  })
  for (const chart of await chartsOf(join(sources, 'http')))
    if (!(await exists(join(repository.directory, chart.archive))))
      await run(helm, ['package', chart.path, '--destination', repository.directory], { env })
  await run(helm, ['repo', 'index', repository.directory, '--url', repository.url], { env })

  const packed = join(scratch, 'packed')
  await mkdir(packed, { recursive: true })
  for (const chart of await chartsOf(join(sources, 'oci'))) {
    if (await isPushed(registry, `charts/${chart.name}`, chart.version)) continue
    await run(helm, ['package', chart.path, '--destination', packed], { env })
    const login = registry.auth ? ['--username', registry.auth.username, '--password', registry.auth.password] : []
    await run(helm, ['push', join(packed, chart.archive), `oci://${registry.host}/charts`, '--plain-http', ...login], {
      env,
    })
  }
}

interface Chart {
  name: string
  version: string
  path: string
  archive: string
}

async function chartsOf(directory: string): Promise<Chart[]> {
  const names = await readdir(directory)
  return Promise.all(
    names.map(async (entry) => {
      const path = join(directory, entry)
      const { name, version } = parse(await readFile(join(path, 'Chart.yaml'), 'utf8')) as Chart
      return { name, version, path, archive: `${name}-${version}.tgz` }
    }),
  )
}

async function exists(path: string): Promise<boolean> {
  return Boolean(await stat(path).catch(() => undefined))
}

async function isPushed(registry: RegistryAddress, repository: string, tag: string): Promise<boolean> {
  const { auth, host } = registry
  const headers: Record<string, string> = { accept: 'application/vnd.oci.image.manifest.v1+json' }
  if (auth) headers.authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { method: 'HEAD', headers })
  return answer.ok
}
