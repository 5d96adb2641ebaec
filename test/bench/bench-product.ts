import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startProduct, type Bootstrap } from '#demo/product.ts'
import { findFreePort } from '#demo/world/ports.ts'
import { pushImage } from '#demo/world/push-image.ts'
import { openWorld } from '#demo/world/start-world.ts'
import type { GitHubWorld, World } from '#demo/world/types.ts'
import { waitUntil } from '#demo/world/wait-until.ts'
import { BareHelm } from './bare-helm.ts'
import { appName, chartFiles, keyOf, namespaceFile, pathOf, releaseText } from './bench-releases.ts'
import { ConfigWork } from './config-work.ts'
import { childrenOf, commandLine } from './processes.ts'
import { ReleaseWatcher } from './release-watcher.ts'
import type { Context, Stop } from './scenario.ts'

/** A world of its own with the product on it, started as the demo starts it, and what measures it. */
export interface BenchProduct {
  world: World
  product: Bootstrap
  dataDir: string
  watcher: ReleaseWatcher
  config: ConfigWork
  bare: BareHelm
  /** Releases of the config repository. */
  names: string[]
  /** The product's log, of all its processes. */
  logFile: string
  /** Text of one release's file as it is first committed. */
  document(name: string, automated: boolean): string
  /** Pushes an image; returns when its tag moved (milliseconds since the epoch). */
  pushTag(name: string, tag: string): Promise<number>
  /** Pid of the worker that runs now. */
  worker(): Promise<number>
  stop: Stop
}

/** A fresh product whose repository holds the chart and the namespace, and no release yet. */
export async function startBenchProduct(
  releases: number,
  context: Pick<Context, 'options' | 'opened'>,
): Promise<BenchProduct> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-bench-'))
  const port = await findFreePort()
  const hookSecret = randomBytes(24).toString('base64url')
  const hook = (name: string) => [{ url: `http://127.0.0.1:${port}/api/webhooks/${name}`, bearer: hookSecret }]
  const webhooks = { registry: hook('registry'), git: hook('git') }
  const github = context.options.github ? githubWith(hook('git'), hookSecret) : undefined
  const opened = await openWorld({ dataDir, webhooks, log: context.options.log, ...(github ? { github } : {}) })
  const stop = context.opened(async () => {
    await opened.harness.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const world = await opened.whole
  const config = await ConfigWork.create(world.git, join(dataDir, 'person'), { ...chartFiles, ...namespaceFile })
  const product = await startProduct({
    processes: opened.processes,
    dataDir: join(dataDir, 'product'),
    port,
    repository: world.git,
    kubeconfig: world.kubeconfig,
    helm: world.helmPath,
    insecureRegistries: [world.registry.host],
    hookSecret,
    ...(github ? { env: { ...byWebhooksAlone, WHEELHOUSE_GITHUB_TOKEN: github.token } } : {}),
  })
  const bare = await BareHelm.create({
    helm: world.helmPath,
    kubeconfig: world.kubeconfig,
    chart: join(config.directory, 'charts', 'app'),
    directory: join(dataDir, 'bare'),
  })
  const watcher = await ReleaseWatcher.start(world.kubeconfig)
  const names = Array.from({ length: releases }, (_, index) => appName(index))
  const started = { world, product, dataDir, names, watcher, config, bare, stop }
  return { ...started, ...instruments(started) }
}

const anHourMs = String(60 * 60_000)
const byWebhooksAlone = { WHEELHOUSE_POLL_INTERVAL_MS: anHourMs, WHEELHOUSE_SCAN_INTERVAL_MS: anHourMs }

function githubWith(hooks: { url: string }[], secret: string): GitHubWorld {
  const [token, personToken] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')]
  return { token, personToken, hooks: hooks.map(({ url }) => ({ url, secret })) }
}

type Started = Pick<BenchProduct, 'world' | 'product' | 'dataDir' | 'names'>

function instruments({ world, product, dataDir }: Started) {
  const { url: gitUrl, branch } = world.git
  return {
    logFile: join(dataDir, 'logs', 'product.log'),
    document: (name: string, automated: boolean) =>
      releaseText({ name, gitUrl, branch, automated, image: `${world.registry.host}/${name}:${firstTag}` }),
    async pushTag(name: string, tag: string) {
      await pushImage({ registry: world.registry.host, repository: name, tag })
      // The registry's own record of the tag (docs: storage driver "filesystem").
      const tags = join(dataDir, 'registry/data/docker/registry/v2/repositories', name, '_manifests/tags')
      return (await stat(join(tags, tag, 'current', 'link'))).mtimeMs
    },
    worker: () =>
      waitUntil('the worker runs', async () => {
        for (const pid of await childrenOf(product.pids?.start ?? 0))
          if ((await commandLine(pid)).some((word) => word.endsWith('workers/main.ts'))) return pid
        return undefined
      }),
  }
}

const firstTag = 'dev-0'
/** After many deployments: until records, status and audit have followed. */
const settleMs = 10_000

/** Pushes one commit with every release, each following an image of its own, and waits until all is done and quiet. */
export async function installAll(bench: BenchProduct): Promise<void> {
  for (const name of bench.names) await bench.pushTag(name, firstTag)
  const files = bench.names.map((name) => [pathOf(name), bench.document(name, true)])
  await bench.config.commit(Object.fromEntries(files), `Add ${bench.names.length} releases`)
  await bench.config.push()
  await bench.watcher.allDeployed(bench.names.map(keyOf), 1, 10 * 60_000)
  await pause(settleMs)
}
