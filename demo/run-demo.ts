import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keepSecret, startProduct } from './product.ts'
import type { Bootstrap } from './product.ts'
import { deployedReleases, releasesInGit } from './releases.ts'
import { commitSealedSecret, isUnsealed } from './sealed-secret.ts'
import { seedImages, seedRepository } from './seed-repository.ts'
import { findFreePort, isFreePort } from './world/ports.ts'
import { openWorld } from './world/start-world.ts'
import type { WorldInTheMaking } from './world/start-world.ts'
import type { GitAddress, GitHubWorld, Report, World } from './world/types.ts'
import { waitUntil } from './world/wait-until.ts'
import { WorldProblem } from './world/world-problem.ts'

export interface DemoOptions {
  dataDir: string
  /** Of the dashboard; absent = that of the last start, else 3000 or a free one. */
  port: number | undefined
  /** Everything but the product itself. */
  worldOnly: boolean
  /** The repository is at a GitHub, which is committed to by its API. */
  github?: boolean
  /** More variables for the product's environment, where they are known only by then made of the addresses. */
  productEnv?: Record<string, string> | ((places: ProductPlaces) => Record<string, string>)
  log: Report
  /** Ends the waiting; `stop` of the answer still has to be called. */
  signal: AbortSignal
  /** Called as soon as there is something to stop. */
  onStarted: (stop: () => Promise<void>) => void
}

/** Where the product finds what it works with. */
export type ProductPlaces = Pick<WorldInTheMaking['places'], 'registry' | 'helmPath'> & { git: GitAddress }

export interface Demo {
  world: World
  /** undefined with `worldOnly`. */
  product: Bootstrap | undefined
  /** `namespace/name` of releases that are not deployed yet. */
  missing: string[]
}

/** How long a start waits for what an earlier one had deployed: visitors may have broken it on purpose. */
const laterPatienceMs = 15_000
const firstPatienceMs = 20 * 60_000

/** Starts the whole demo and resolves when it can be used; writes `demo.json` in the data directory then. */
export async function runDemo(options: DemoOptions): Promise<Demo> {
  const { dataDir, log, worldOnly } = options
  await mkdir(dataDir, { recursive: true })
  const port = await claimWebPort(dataDir, options.port)
  const hookSecret = await keepSecret(dataDir, 'hook-secret')
  const hook = (name: string) => [{ url: `http://127.0.0.1:${port}/api/webhooks/${name}`, bearer: hookSecret }]
  const webhooks = worldOnly ? {} : { registry: hook('registry'), git: hook('git') }
  const github = options.github ? await githubWorld(dataDir, worldOnly ? [] : hook('git'), hookSecret) : undefined
  const opened = await openWorld({ dataDir, webhooks, log, ...(github ? { github } : {}) })
  const facts = join(dataDir, 'demo.json')
  options.onStarted(async () => {
    await rm(facts, { force: true })
    await opened.harness.stop()
  })
  await rm(facts, { force: true })

  const own: Record<string, string> = github ? { WHEELHOUSE_GITHUB_TOKEN: github.token } : {}
  const productEnv = (places: ProductPlaces) => ({ ...own, ...environmentOf(options, places) })
  const { product, world } = await bringUp(opened, { ...options, productEnv, port, hookSecret })
  const settled = join(dataDir, 'settled')
  const isFirst = !(await stat(settled).catch(() => undefined))
  const missing = worldOnly ? [] : await waitForReleases(world, isFirst ? firstPatienceMs : laterPatienceMs, options)
  await writeFacts(facts, world, product)
  await writeFile(settled, '')
  return { world, product, missing }
}

function environmentOf({ productEnv = {} }: Pick<DemoOptions, 'productEnv'>, places: ProductPlaces) {
  return typeof productEnv === 'function' ? productEnv(places) : productEnv
}

async function githubWorld(dataDir: string, hooks: { url: string }[], secret: string): Promise<GitHubWorld> {
  const [token, personToken] = [await keepSecret(dataDir, 'github-token'), await keepSecret(dataDir, 'person-token')]
  return { token, personToken, hooks: hooks.map(({ url }) => ({ url, secret })) }
}

/** Registry, Git and dashboard do not wait for the control plane, which may still have to be built. */
async function bringUp(
  opened: WorldInTheMaking,
  options: DemoOptions & { port: number; hookSecret: string },
): Promise<{ product: Bootstrap | undefined; world: World }> {
  const { log, worldOnly } = options
  const { places, processes } = opened
  const product = opened.git.then(async (git) => {
    if (await seedRepository({ ...places, git })) log('configuration repository made')
    if (worldOnly) return undefined
    const started = await startProduct({
      processes,
      dataDir: join(options.dataDir, 'product'),
      port: options.port,
      repository: git,
      kubeconfig: places.kubeconfig,
      helm: places.helmPath,
      insecureRegistries: [places.registry.host],
      hookSecret: options.hookSecret,
      env: environmentOf(options, { ...places, git }),
    })
    log(`dashboard answers: ${started.logins.admin}`)
    return started
  })
  const images = opened.outskirts.then(async ({ registry }) => {
    await seedImages(registry)
    log(`registry has the first images: ${registry.host}`)
  })
  const world = opened.whole.then((whole) => {
    log('control plane is ready')
    return whole
  })
  // When one fails, the others' later failures are its consequences and must not end the process unheard.
  for (const part of [product, images, world]) part.catch(() => undefined)
  const [bootstrap, whole] = await Promise.all([product, world, images])
  return { product: bootstrap, world: whole }
}

async function waitForReleases(world: World, timeoutMs: number, options: DemoOptions): Promise<string[]> {
  const { log, signal } = options
  let missing: string[] = []
  const releases = waitUntil(
    'all releases are deployed',
    async () => {
      const [wanted, deployed] = await Promise.all([releasesInGit(world.git), deployedReleases(world.api)])
      const still = wanted.filter((release) => !deployed.has(release))
      if (still.length > 0 && still.length !== missing.length) log(`waiting for ${still.join(', ')}`)
      missing = still
      return still.length === 0
    },
    { timeoutMs, everyMs: 250, signal },
  )
  const secret = commitSealedSecret(world, { timeoutMs, signal }).then(() =>
    waitUntil('the sealed secret dev/basic-auth is opened', () => isUnsealed(world.api), { timeoutMs, signal }),
  )
  for (const result of await Promise.allSettled([releases, secret])) {
    signal.throwIfAborted()
    if (result.status === 'rejected') log(result.reason instanceof Error ? result.reason.message : 'not ready')
  }
  return missing
}

/** Interface 1 of the design: what scripts and tests read. Appears whole. */
async function writeFacts(file: string, world: World, product: Bootstrap | undefined): Promise<void> {
  const pids = Object.fromEntries(Object.entries(world.processes).map(([name, { pid }]) => [name, pid]))
  const facts = {
    web: product?.web ?? null,
    token: product?.token ?? null,
    logins: product?.logins ?? null,
    kubeconfig: world.kubeconfig,
    registry: world.registry.host,
    repo: world.git.url,
    branch: world.git.branch,
    database: product?.database ?? null,
    pids: { demo: process.pid, ...pids, ...product?.pids },
  }
  await writeFile(`${file}.new`, `${JSON.stringify(facts, undefined, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function claimWebPort(dataDir: string, insisted: number | undefined): Promise<number> {
  const file = join(dataDir, 'web-port')
  const remembered = Number(await readFile(file, 'utf8').catch(() => '')) || undefined
  const wanted = insisted ?? remembered
  let port = wanted ?? 3000
  if (!(await isFreePort(port))) {
    if (wanted !== undefined)
      throw new WorldProblem(`Port ${port} is taken. Stop the program that has it, or start with --port N.`)
    port = await findFreePort()
  }
  await writeFile(file, String(port))
  return port
}
