import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { childEnvironment } from './child-environment.ts'
import { DirectoryLock } from './directory-lock.ts'
import { deathLeash } from './process-table.ts'
import type { Report, ServerPaths } from './types.ts'
import { WorldProblem } from './world-problem.ts'

const goModule = import.meta.dirname
const kubernetesVersion = 'v1.36.3'
const [, major, minor] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion) ?? []
const versionPackage = 'k8s.io/component-base/version'
/** helm and kubectl parse the server's version, which is empty without these. */
const linkerFlags = `-s -w -X ${versionPackage}.gitVersion=${kubernetesVersion} -X ${versionPackage}.gitMajor=${major} -X ${versionPackage}.gitMinor=${minor}`

/** What each program is, in the order in which they are wanted: the registry needs no control plane, helm packs charts. */
const programs = [
  { name: 'registry', file: 'registry', package: 'github.com/distribution/distribution/v3/cmd/registry' },
  { name: 'helm', file: 'helm', package: 'helm.sh/helm/v4/cmd/helm' },
  { name: 'etcd', file: 'server', package: 'go.etcd.io/etcd/server/v3' },
  { name: 'apiserver', file: 'kube-apiserver', package: 'k8s.io/kubernetes/cmd/kube-apiserver' },
  {
    name: 'controllerManager',
    file: 'kube-controller-manager',
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
  },
  { name: 'scheduler', file: 'kube-scheduler', package: 'k8s.io/kubernetes/cmd/kube-scheduler' },
  { name: 'kwok', file: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok' },
  { name: 'sealedSecrets', file: 'controller', package: 'github.com/bitnami/sealed-secrets/cmd/controller' },
  { name: 'kubeseal', file: 'kubeseal', package: 'github.com/bitnami/sealed-secrets/cmd/kubeseal' },
] as const

const kwokStages = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
]

interface BuildOptions {
  log: Report
  /** Ends a build that runs. */
  signal?: AbortSignal
}

export interface ServerBuild {
  /** Where the programs will be. */
  places: ServerPaths
  /** Resolves as soon as the registry alone is built. */
  registry: Promise<string>
  all: Promise<ServerPaths>
}

/**
 * Builds every server from the pinned Go module into a cache directory shared by all worlds of this user; hands out the
 * registry as soon as it is there. Nothing is built twice; a program appears in the cache by rename only, so an interrupted
 * build leaves no half file. Fails with `WorldProblem` when Go is missing or too old, or a build fails.
 */
export async function startServerBuild(options: BuildOptions): Promise<ServerBuild> {
  const directory = await cacheDirectory()
  const registry = Promise.withResolvers<string>()
  const all = build(directory, options, () => registry.resolve(join(directory, 'registry')))
  all.catch(registry.reject)
  registry.promise.catch(() => undefined)
  return { places: paths(directory), registry: registry.promise, all }
}

async function cacheDirectory(): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(goModule, file)))
  hash.update(linkerFlags).update(process.platform).update(process.arch)
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(cache, 'wheelhouse', 'bin', hash.digest('hex').slice(0, 16))
}

async function build(directory: string, options: BuildOptions, onRegistry: () => void): Promise<ServerPaths> {
  if (!(await isComplete(directory))) {
    await mkdir(directory, { recursive: true })
    const lock = await DirectoryLock.wait(directory, 'building', () =>
      options.log('waiting for another build of the servers'),
    )
    try {
      await buildMissing(directory, options, onRegistry)
    } finally {
      await lock.release()
    }
  }
  onRegistry()
  return paths(directory)
}

async function buildMissing(directory: string, options: BuildOptions, onRegistry: () => void): Promise<void> {
  const { log, signal } = options
  // What an interrupted build left: its programs were never renamed into place.
  for (const name of await readdir(directory))
    if (name.startsWith('half-')) await rm(join(directory, name), { recursive: true, force: true })

  const missing: (typeof programs)[number][] = []
  for (const program of programs) if (!(await isProgram(join(directory, program.file)))) missing.push(program)
  if (missing.length > 0 || !(await hasStages(directory))) await requireGo()
  const half = await mkdtemp(join(directory, 'half-'))
  try {
    // One by one: each is there as early as can be, and memory stays small. What they share is compiled once.
    for (const program of missing) {
      const started = performance.now()
      log(`building ${program.file} (${basename(directory)})`)
      await go(['install', '-ldflags', linkerFlags, program.package], { env: { GOBIN: half }, signal })
      await rename(join(half, program.file), join(directory, program.file))
      log(`built ${program.file} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
      if (program.name === 'registry') onRegistry()
    }
    await copyStages(half, directory)
  } finally {
    await rm(half, { recursive: true, force: true })
  }
}

async function copyStages(half: string, directory: string): Promise<void> {
  if (await hasStages(directory)) return
  const kwok = (await go(['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'])).trim()
  await mkdir(join(half, 'stages'))
  for (const stage of kwokStages)
    await copyFile(join(kwok, 'kustomize', 'stage', stage), join(half, 'stages', basename(stage)))
  await rm(join(directory, 'stages'), { recursive: true, force: true })
  await rename(join(half, 'stages'), join(directory, 'stages'))
}

async function isComplete(directory: string): Promise<boolean> {
  for (const program of programs) if (!(await isProgram(join(directory, program.file)))) return false
  return hasStages(directory)
}

async function isProgram(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && found.isFile() && found.size > 0 && (found.mode & 0o100) !== 0
}

async function hasStages(directory: string): Promise<boolean> {
  const names = await readdir(join(directory, 'stages')).catch((): string[] => [])
  return kwokStages.every((stage) => names.includes(basename(stage)))
}

function paths(directory: string): ServerPaths {
  const files = Object.fromEntries(programs.map(({ name, file }) => [name, join(directory, file)]))
  const stages = kwokStages.map((stage) => join(directory, 'stages', basename(stage)))
  return { ...(files as Omit<ServerPaths, 'kwokStages'>), kwokStages: stages }
}

async function requireGo(): Promise<void> {
  const wanted = /^go (\d+\.\d+)/m.exec(await readFile(join(goModule, 'go.mod'), 'utf8'))?.[1] ?? ''
  const advice = `Install Go ${wanted} or newer (https://go.dev/dl) and start again; nothing else has to be repeated.`
  let version: string
  try {
    version = (await go(['env', 'GOVERSION'])).trim()
  } catch (cause) {
    const absent = (cause as { code?: string }).code === 'ENOENT'
    const what = absent
      ? 'The program `go` was not found'
      : `Go refused the module: ${cause instanceof Error ? cause.message : ''}`
    throw new WorldProblem(`${what}; the servers of the demo are built from source. ${advice}`, { cause })
  }
  const found = /^go(\d+)\.(\d+)/.exec(version)
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number)
  const isEnough =
    found && (Number(found[1]) > wantedMajor || (Number(found[1]) === wantedMajor && Number(found[2]) >= wantedMinor))
  if (found && !isEnough) throw new WorldProblem(`Go is ${version}, too old for the servers of the demo. ${advice}`)
}

/** Runs go at low priority and returns its output; fails with its last words. */
function go(args: string[], options: { env?: Record<string, string>; signal?: AbortSignal } = {}): Promise<string> {
  const [program = '', ...words] = [...deathLeash(), 'nice', '-n', '15', 'go', ...args]
  const child = spawn(program, words, {
    cwd: goModule,
    env: childEnvironment({
      ...process.env,
      GOWORK: 'off',
      GOFLAGS: withoutModFlag(process.env.GOFLAGS),
      ...options.env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // With its compilers a group of its own, to be ended as one.
    detached: true,
  })
  const abort = () => child.pid && process.kill(-child.pid, 'SIGTERM')
  options.signal?.addEventListener('abort', abort, { once: true })
  const lastWords: string[] = []
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  createInterface(child.stderr).on('line', (line) => {
    lastWords.push(line)
    if (lastWords.length > 20) lastWords.shift()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      options.signal?.removeEventListener('abort', abort)
      if (code === 0) return resolve(output)
      // `nice` answers 127 for a program it did not find.
      const problem = new WorldProblem(`go ${args[0]} failed (exit ${code}):\n${lastWords.join('\n')}`)
      reject(Object.assign(problem, code === 127 ? { code: 'ENOENT' } : {}))
    })
  })
}

/** A `-mod=vendor` or `-mod=mod` meant for other projects would change what is built here. */
function withoutModFlag(flags: string | undefined): string {
  return (flags ?? '')
    .split(' ')
    .filter((flag) => !/^-mod(file)?=/.test(flag))
    .join(' ')
}
