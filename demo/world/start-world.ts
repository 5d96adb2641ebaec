import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { startServerBuild } from './build-servers.ts'
import type { ServerBuild } from './build-servers.ts'
import { adminKubeconfig, startControlPlane } from './control-plane.ts'
import { DirectoryLock } from './directory-lock.ts'
import { ensureBareRepository } from './git-server.ts'
import type { GitServerOptions } from './git-server.ts'
import { ensureSourceRepository } from './github/source-repository.ts'
import type { BesideOptions, GitHubOptions } from './github/state.ts'
import { claimPorts } from './ports.ts'
import { ProcessTable } from './process-table.ts'
import { publishCharts } from './publish-charts.ts'
import { startRegistry } from './registry.ts'
import type { ControlPlane, GitAddress, GitHubWorld, Harness, Outskirts, Ports, World, WorldOptions } from './types.ts'
import { WorldProblem } from './world-problem.ts'

const branch = 'master'
const publishedCharts = resolve(import.meta.dirname, '../published-charts')

/** A world of which parts become usable one after the other. */
export interface WorldInTheMaking {
  /** Addresses and files as they will be; nothing answers there yet. */
  places: Outskirts & { kubeconfig: string; helmPath: string }
  git: Promise<GitAddress>
  outskirts: Promise<Outskirts>
  controlPlane: Promise<ControlPlane>
  whole: Promise<World>
  harness: Harness
  /** For more processes that live and die with this world. */
  processes: ProcessTable
}

/** Builds what is missing and starts every server; resolves when all answer. On failure everything started is stopped. */
export async function startWorld(options: WorldOptions): Promise<World> {
  return (await openWorld(options)).whole
}

/**
 * As `startWorld`, but hands out the parts as they come up: registry, Git and charts do not wait for the control plane.
 * Throws when the data directory or a port is in use.
 */
export async function openWorld(options: WorldOptions): Promise<WorldInTheMaking> {
  const { log = () => undefined } = options
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  const lock = await DirectoryLock.take(dataDir, 'world')
  if (!(lock instanceof DirectoryLock))
    throw new WorldProblem(
      `${dataDir} is in use by the world of process ${lock.heldBy}. Stop it first, or choose another directory.`,
    )

  const processes = new ProcessTable(join(dataDir, 'logs'), log)
  const abort = new AbortController()
  const harness = harnessOf(processes, lock, abort)
  try {
    const ports = await claimPorts(dataDir, options.ports ?? {}, log)
    const build = await startServerBuild({ log, signal: abort.signal })
    const places = placesOf(dataDir, ports, build, options)
    const site: Site = { dataDir, ports, processes, build, places }
    const git = startGit(site, options)
    const outskirts = startOutskirts(site, options, git)
    const controlPlane = build.all.then((servers) =>
      startControlPlane({ directory: controlPlaneDirectory(dataDir), ports, servers, processes }, options),
    )
    const whole = assemble({ dataDir, build, outskirts, controlPlane, harness })
    // Whoever awaits `whole` hears of it; the parts alone must not end the process.
    for (const part of [git, outskirts, controlPlane, whole]) part.catch(() => undefined)
    return { places, git, outskirts, controlPlane, whole, harness, processes }
  } catch (cause) {
    await harness.stop()
    throw cause
  }
}

function harnessOf(processes: ProcessTable, lock: DirectoryLock, abort: AbortController): Harness {
  let stopping: Promise<void> | undefined
  return {
    get processes() {
      return processes.pids
    },
    kill: (name, signal) => processes.kill(name, signal),
    suspend: (name) => processes.suspend(name),
    resume: (name) => processes.resume(name),
    restart: (name) => processes.restart(name),
    stop: () => {
      abort.abort()
      return (stopping ??= processes.stop().finally(() => lock.release()))
    },
  }
}

async function assemble(parts: {
  dataDir: string
  build: ServerBuild
  outskirts: Promise<Outskirts>
  controlPlane: Promise<ControlPlane>
  harness: Harness
}): Promise<World> {
  try {
    const [servers, outskirts] = await Promise.all([parts.build.all, parts.outskirts])
    const scratch = join(parts.dataDir, 'helm')
    const publish = publishCharts({
      helm: servers.helm,
      sources: publishedCharts,
      repository: outskirts.chartRepository,
      registry: outskirts.registry,
      scratch,
    })
    const [controlPlane] = await Promise.all([parts.controlPlane, publish])
    const { kill, suspend, resume, restart, stop } = parts.harness
    return {
      ...outskirts,
      ...controlPlane,
      helmPath: servers.helm,
      kubesealPath: servers.kubeseal,
      kubectl: findProgram('kubectl'),
      get processes() {
        return parts.harness.processes
      },
      kill,
      suspend,
      resume,
      restart,
      stop,
    }
  } catch (cause) {
    await parts.harness.stop()
    throw cause
  }
}

interface Site {
  dataDir: string
  ports: Ports
  processes: ProcessTable
  build: ServerBuild
  places: WorldInTheMaking['places']
}

function controlPlaneDirectory(dataDir: string): string {
  return join(dataDir, 'control-plane')
}

function placesOf(
  dataDir: string,
  ports: Ports,
  build: ServerBuild,
  options: WorldOptions,
): WorldInTheMaking['places'] {
  return {
    registry: { host: `127.0.0.1:${ports.registry}`, auth: options.registryAuth },
    git: { ...gitUrls(ports.git, options.github), barePath: join(dataDir, 'git', 'config.git'), branch },
    chartRepository: { url: `http://127.0.0.1:${ports.charts}`, directory: join(dataDir, 'charts') },
    kubeconfig: adminKubeconfig(controlPlaneDirectory(dataDir)),
    helmPath: build.places.helm,
  }
}

const githubOwner = 'demo'

function gitUrls(port: number, github: GitHubWorld | undefined): Pick<GitAddress, 'url' | 'plainUrl'> {
  const host = `127.0.0.1:${port}`
  if (!github) return { url: `http://${host}/config.git`, plainUrl: `http://${host}/config.git` }
  const path = `${host}/${githubOwner}/config.git`
  return { url: `http://x-access-token:${github.personToken}@${path}`, plainUrl: `http://${path}` }
}

async function startOutskirts(site: Site, options: WorldOptions, startedGit: Promise<GitAddress>): Promise<Outskirts> {
  const { dataDir, ports, processes, build } = site
  const { registry, chartRepository } = site.places
  const [git] = await Promise.all([
    startedGit,
    startRegistry({
      directory: join(dataDir, 'registry'),
      address: registry,
      program: build.registry,
      processes,
      webhooks: options.webhooks?.registry ?? [],
    }),
    processes.start({
      name: 'charts',
      command: process.execPath,
      args: [join(import.meta.dirname, 'serve-charts.ts'), chartRepository.directory, String(ports.charts)],
      ready: async () => (await fetch(chartRepository.url)).status === 404,
      graceMs: 1_000,
    }),
  ])
  return { registry, git, chartRepository }
}

async function startGit({ ports, processes, places }: Site, options: WorldOptions): Promise<GitAddress> {
  const { git } = places
  await ensureBareRepository(git.barePath, git.branch)
  const directory = dirname(git.barePath)
  const file = join(directory, 'server.json')
  const config: GitServerOptions = { directory, port: ports.git, webhooks: options.webhooks?.git ?? [] }
  const source = join(directory, 'podinfo.git')
  if (options.github) await ensureSourceRepository(source)
  const github = options.github && githubOptions(options.github, git, source, ports.git)
  await writeFile(file, JSON.stringify(github ?? config), { mode: 0o600 })
  await processes.start({
    name: 'git',
    command: process.execPath,
    // It starts a Git for every request, which costs in proportion to what it keeps in memory.
    args: ['--max-semi-space-size=1', join(import.meta.dirname, github ? 'serve-github.ts' : 'serve-git.ts'), file],
    ready: async () =>
      (await fetch(`${git.plainUrl}/info/refs?service=git-upload-pack`)).status === (github ? 401 : 200),
    graceMs: 2_000,
  })
  return git
}

function githubOptions(
  { token, personToken, hooks }: GitHubWorld,
  git: GitAddress,
  source: string,
  port: number,
): GitHubOptions & { port: number } {
  return {
    port,
    owner: githubOwner,
    name: 'config',
    bare: git.barePath,
    defaultBranch: git.branch,
    people: [
      { login: 'wheelhouse', token },
      { login: 'somebody', token: personToken },
    ],
    hooks,
    requiredChecks: ['wheelhouse/gates'],
    beside: [sourceOptions(source, hooks)],
  }
}

/** Nothing is merged there before its gates are open, either. */
function sourceOptions(bare: string, hooks: GitHubWorld['hooks']): BesideOptions {
  const place = { owner: githubOwner, name: 'podinfo', bare, defaultBranch: 'master' }
  return { ...place, hooks, requiredChecks: ['wheelhouse/gates'] }
}

function findProgram(name: string): string | undefined {
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
