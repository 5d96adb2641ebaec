import { accessSync, constants } from 'node:fs'
import { rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { LaunchChild } from '#lib/adapters/launcher/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { HelmHooks, HelmTarget, KindToCome } from '#lib/ports/helm.ts'
import type { Log } from '#lib/ports/log.ts'
import { withApiProxy, type ApiServerReach } from './api-proxy.ts'
import type { ArgumentContext, HelmGeneration } from './helm-arguments.ts'
import { generationOf } from './helm-words.ts'
import type { HelmHome } from './job-directory.ts'
import { prepareHelmHome, withJobDirectory } from './job-directory.ts'
import { createKubeconfigCheck } from './kubeconfig-check.ts'
import type { ChildEnd } from './run-child.ts'
import { rememberedVersion } from './remembered-version.ts'
import { runChild } from './run-child.ts'

export interface HelmOptions {
  /** Path of helm ≥3.18 or ≥4, or its name on the PATH. */
  binary: string
  /** Absent: the pod's service account. */
  kubeconfigPath?: string
  /** Absent: the kubeconfig's current context. */
  context?: string
  /** Caches and job directories go below it. */
  workDir: string
  /** Added to the otherwise minimal environment: proxies, registry credentials. */
  extraEnv?: Record<string, string>
  /** Whether the kubeconfig may start programs to sign in. Default false. */
  allowKubeconfigPlugins?: boolean
  /**
   * Needed for releases whose records live in another namespace than their objects, which are refused without it, and for
   * kinds that are only to come.
   */
  reach?: () => Promise<ApiServerReach>
  /** How helm is started; default: as a child of this process. */
  launch?: LaunchChild
  log: Log
  /** Applied to everything the child said before it leaves. */
  redact: (text: string) => string
}

/** Bytes of output kept unless a run asks for more. */
export const outputBytes = 64 * 1024

/** One run of helm. */
export interface HelmRun {
  arguments: (context: ArgumentContext) => string[]
  /** Standard input: the values, as JSON. */
  input?: string
  limitMs: number
  /** Absent for what needs no cluster. */
  target?: Pick<HelmTarget, 'namespace' | 'storageNamespace'>
  hooks?: HelmHooks
  outputBytes?: number
  /** Puts what the run reads into its directory, from which it starts. */
  prepare?: (directory: string) => Promise<void>
  /** Told as if the API server knew them; needs `reach`. */
  kindsToCome?: readonly KindToCome[]
}

export type HelmRunner = ((run: HelmRun) => Promise<ChildEnd>) & { version(): Promise<string>; close(): Promise<void> }

/** Where one run of helm finds its cluster. */
interface Place {
  kubeconfigPath: string | undefined
  context: string | undefined
  /** For what depends on the address of the API server, which is another for each proxied run. */
  environment: Record<string, string>
}

export function createHelmRunner(options: HelmOptions): HelmRunner {
  const { kubeconfigPath, context, allowKubeconfigPlugins = false } = options
  const checkKubeconfig =
    kubeconfigPath === undefined ? async () => {} : createKubeconfigCheck(kubeconfigPath, allowKubeconfigPlugins)
  const binary = onceUntilFailure(async () => findProgram(options.binary))
  const home = onceUntilFailure(() => prepareHelmHome(options.workDir))
  // At once: what a killed process left there is not to lie around until helm is needed. Its failure is met again then.
  home().catch(() => undefined)
  const version = onceUntilFailure(async () => readVersion(options, await binary(), await home()))

  const runAt = async (request: HelmRun, directory: string, place: Place): Promise<ChildEnd> => {
    const { generation } = await version()
    return runChild({
      program: await binary(),
      arguments: request.arguments({ generation, context: place.context }),
      input: request.input,
      environment: { ...environmentOf(options, await home(), directory, place.kubeconfigPath), ...place.environment },
      directory,
      limitMs: request.limitMs,
      outputBytes: request.outputBytes ?? outputBytes,
      onStart: request.hooks && ((identity) => request.hooks?.onStart(identity) ?? Promise.resolve()),
      signal: request.hooks?.signal,
      launch: options.launch,
    })
  }
  const run = async (request: HelmRun): Promise<ChildEnd> => {
    const { target } = request
    if (target !== undefined) await checkKubeconfig()
    return withJobDirectory(await home(), async (directory) => {
      await request.prepare?.(directory)
      const { kindsToCome = [] } = request
      const isPlain = target?.namespace === target?.storageNamespace && kindsToCome.length === 0
      if (target === undefined || isPlain || options.reach === undefined) {
        return runAt(request, directory, { kubeconfigPath, context, environment: {} })
      }
      // What Helm keeps of discovery is of this address alone, and goes with it.
      const environment = { HOME: directory, KUBECACHEDIR: join(directory, 'discovery') }
      return withApiProxy(options.reach, { ...target, kindsToCome }, directory, (proxied) =>
        runAt(request, directory, { kubeconfigPath: proxied, context: undefined, environment }),
      )
    })
  }
  const close = async () => {
    const { discoveryCache } = await home()
    if (discoveryCache !== undefined) await rm(discoveryCache, { recursive: true, force: true })
  }
  return Object.assign(run, { version: async () => (await version()).text, close })
}

/** The promise of the first call, for all; a failed one is forgotten, so that the next call tries again. */
function onceUntilFailure<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}

/** The child gets no PATH of its own, so a bare name is looked up here. */
function findProgram(name: string): string {
  if (name.includes('/')) return name
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable)
  if (found !== undefined) return found
  throw new Fault('helm-failed', `There is no ${name} on the PATH`, { suggestion: 'Install helm, or name its path.' })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function readVersion(
  options: HelmOptions,
  binary: string,
  home: HelmHome,
): Promise<{ text: string; generation: HelmGeneration }> {
  const text = await rememberedVersion(home, binary, async () => {
    const end = await runChild({
      program: binary,
      arguments: ['version', '--template', '{{.Version}}'],
      environment: environmentOf(options, home, home.root, options.kubeconfigPath),
      directory: home.root,
      limitMs: 30_000,
      outputBytes,
      launch: options.launch,
    })
    return end.kind === 'exited' && end.exitCode === 0 ? end.stdout.text().trim() : ''
  })
  const generation = generationOf(text)
  if (generation !== undefined) return { text, generation }
  throw new Fault('helm-failed', text === '' ? 'helm does not tell its version' : `helm ${text} is too old`, {
    suggestion: 'Install helm 3.18 or newer, or 4.1 or newer.',
  })
}

/** Nothing of the worker's own environment: it holds credentials. */
function environmentOf(
  options: HelmOptions,
  home: HelmHome,
  directory: string,
  kubeconfigPath: string | undefined,
): Record<string, string> {
  const inCluster = Object.entries(process.env).filter(([name]) => name.startsWith('KUBERNETES_SERVICE_'))
  return {
    ...home.environment,
    TMPDIR: directory,
    ...(kubeconfigPath === undefined
      ? Object.fromEntries(inCluster.map(([name, value]) => [name, value ?? '']))
      : { KUBECONFIG: kubeconfigPath }),
    ...options.extraEnv,
  }
}
