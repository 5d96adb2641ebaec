import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Fault } from '#lib/core/fault/index.ts'
import type { Helm, HelmHooks, HelmOutcome, HelmRender, HelmRequest, HelmTarget } from '#lib/ports/helm.ts'
import type { Log } from '#lib/ports/log.ts'
import type { ArgumentContext, HelmGeneration } from './helm-arguments.ts'
import {
  installArguments,
  refusedArgument,
  renderArguments,
  rollbackArguments,
  testArguments,
  uninstallArguments,
  upgradeArguments,
} from './helm-arguments.ts'
import { generationOf, isUnreachable, lastWords } from './helm-words.ts'
import type { HelmHome } from './job-directory.ts'
import { prepareHelmHome, withJobDirectory, writeValues } from './job-directory.ts'
import { createKubeconfigCheck } from './kubeconfig-check.ts'
import type { ChildEnd } from './run-child.ts'
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
  log: Log
  /** Applied to everything the child said before it leaves. */
  redact: (text: string) => string
}

const outputBytes = 64 * 1024
/** A rendered release with its chart in JSON; the API server stores at most 1.5 MiB of it compressed. */
const renderBytes = 64 * 1024 * 1024
/** Helm's `--timeout` is per hook and per wait; this bounds the whole. */
const limitFor = (timeoutMs: number): number => timeoutMs * 3 + 60_000

interface Run {
  arguments: (context: ArgumentContext, directory: string) => Promise<string[]> | string[]
  limitMs: number
  hooks?: HelmHooks
  outputBytes?: number
  needsCluster: boolean
}

/**
 * Throws Fault `cluster-unreachable` (retryable) when nothing was attempted because the API server or the kubeconfig
 * is not there, `cluster-refused` for a kubeconfig that starts programs, `helm-failed` when there is no usable helm.
 * Everything Helm itself decides is an outcome.
 */
export function createHelm(options: HelmOptions): Helm {
  const run = createRunner(options)
  const change =
    (build: typeof installArguments) =>
    async (request: HelmRequest, hooks: HelmHooks): Promise<HelmOutcome> => {
      const refusal = refusalOf(request, [request.chart]) ?? postRenderRefusal(request)
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const end = await run({
        arguments: async (context, directory) => build(request, await writeValues(directory, request.values), context),
        limitMs: limitFor(request.timeoutMs),
        hooks,
        needsCluster: true,
      })
      return outcomeOf(end, options)
    }
  return {
    version: () => run.version(),
    render: (request) => render(run, options, request),
    install: change(installArguments),
    upgrade: change(upgradeArguments),
    async rollback(request, hooks) {
      const refusal = refusalOf(request, [])
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const limitMs = limitFor(request.timeoutMs)
      const end = await run({ arguments: (it) => rollbackArguments(request, it), limitMs, hooks, needsCluster: true })
      return outcomeOf(end, options)
    },
    async uninstall(request, hooks) {
      const refusal = refusalOf(request, [])
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const limitMs = limitFor(request.timeoutMs)
      const end = await run({ arguments: (it) => uninstallArguments(request, it), limitMs, hooks, needsCluster: true })
      return outcomeOf(end, options)
    },
    async test(request, hooks) {
      const refusal = refusalOf({ ...request, storageNamespace: request.namespace }, [])
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const limitMs = limitFor(request.timeoutMs)
      const end = await run({ arguments: (it) => testArguments(request, it), limitMs, hooks, needsCluster: true })
      return outcomeOf(end, options)
    },
    async buildDependencies(chartDir) {
      if (refusedArgument([chartDir]) !== undefined) return { kind: 'failed', message: 'The chart has no usable path' }
      const end = await run({
        arguments: () => ['dependency', 'build', '--', chartDir],
        limitMs: 300_000,
        needsCluster: false,
      })
      return outcomeOf(end, options)
    },
  }
}

type Runner = ((run: Run) => Promise<ChildEnd>) & { version(): Promise<string> }

function createRunner(options: HelmOptions): Runner {
  const { kubeconfigPath, allowKubeconfigPlugins = false } = options
  const checkKubeconfig =
    kubeconfigPath === undefined ? async () => {} : createKubeconfigCheck(kubeconfigPath, allowKubeconfigPlugins)
  const binary = onceUntilFailure(async () => findProgram(options.binary))
  const home = onceUntilFailure(() => prepareHelmHome(options.workDir))
  const version = onceUntilFailure(async () => readVersion(options, await binary(), await home()))

  const run = async (request: Run): Promise<ChildEnd> => {
    const [prepared, { generation }] = await Promise.all([home(), version()])
    if (request.needsCluster) await checkKubeconfig()
    return withJobDirectory(prepared, async (directory) =>
      runChild({
        program: await binary(),
        arguments: await request.arguments({ generation, context: options.context }, directory),
        environment: environmentOf(options, prepared, directory),
        directory,
        limitMs: request.limitMs,
        outputBytes: request.outputBytes ?? outputBytes,
        onStart: request.hooks && ((identity) => request.hooks?.onStart(identity) ?? Promise.resolve()),
        signal: request.hooks?.signal,
      }),
    )
  }
  return Object.assign(run, { version: async () => (await version()).text })
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
  const end = await runChild({
    program: binary,
    arguments: ['version', '--template', '{{.Version}}'],
    environment: environmentOf(options, home, home.root),
    directory: home.root,
    limitMs: 30_000,
    outputBytes,
  })
  const text = end.stdout.text().trim()
  const generation = generationOf(text)
  if (end.kind === 'exited' && end.exitCode === 0 && generation !== undefined) return { text, generation }
  throw new Fault('helm-failed', text === '' ? 'helm does not tell its version' : `helm ${text} is too old`, {
    suggestion: 'Install helm 3.18 or newer, or 4.1 or newer.',
  })
}

/** Nothing of the worker's own environment: it holds credentials. */
function environmentOf(options: HelmOptions, home: HelmHome, directory: string): Record<string, string> {
  const inCluster = Object.entries(process.env).filter(([name]) => name.startsWith('KUBERNETES_SERVICE_'))
  return {
    ...home.environment,
    TMPDIR: directory,
    ...(options.kubeconfigPath === undefined
      ? Object.fromEntries(inCluster.map(([name, value]) => [name, value ?? '']))
      : { KUBECONFIG: options.kubeconfigPath }),
    ...options.extraEnv,
  }
}

async function render(run: Runner, options: HelmOptions, request: HelmRequest): Promise<HelmRender> {
  const refusal = refusalOf(request, [request.chart]) ?? postRenderRefusal(request)
  if (refusal !== undefined) return { kind: 'failed', message: refusal }
  const end = await run({
    arguments: async (context, directory) =>
      renderArguments(request, await writeValues(directory, request.values), context),
    limitMs: 120_000,
    outputBytes: renderBytes,
    needsCluster: true,
  })
  const outcome = outcomeOf(end, options)
  if (outcome.kind !== 'succeeded') return { kind: 'failed', message: outcome.message }
  if (end.stdout.isCut) return { kind: 'failed', message: 'The rendered release is too large' }
  const manifest = manifestIn(end.stdout.text())
  if (manifest === undefined) return { kind: 'failed', message: 'helm answered a dry run without a manifest' }
  return { kind: 'rendered', manifest }
}

/** The dry run prints the release as it would be stored; values and hooks in it are dropped here. */
function manifestIn(output: string): string | undefined {
  try {
    // Version 3 says "Release … does not exist. Installing it now." first, even with JSON.
    const start = output.indexOf('{')
    const release = JSON.parse(output.slice(start)) as { manifest?: unknown }
    return typeof release.manifest === 'string' ? release.manifest : undefined
  } catch {
    return undefined
  }
}

function outcomeOf(end: ChildEnd, options: HelmOptions): HelmOutcome {
  const redact = (text: string) => options.redact(text)
  if (end.kind === 'aborted') return { kind: 'aborted', message: redact(lastWords(end.stderr.text(), end.exitCode)) }
  if (end.kind === 'timed-out') {
    return { kind: 'failed', message: `helm hung and was ended: ${redact(lastWords(end.stderr.text(), end.exitCode))}` }
  }
  if (end.exitCode === 0) return { kind: 'succeeded', output: redact(end.stdout.text().slice(-outputBytes)) }
  const message = redact(lastWords(end.stderr.text(), end.exitCode))
  if (isUnreachable(message)) throw new Fault('cluster-unreachable', message, { retryable: true })
  return { kind: 'failed', message }
}

function refusalOf(target: HelmTarget, more: readonly string[]): string | undefined {
  const account = target.serviceAccount
  const names = [target.releaseName, target.namespace, ...(account ? [account.namespace, account.name] : []), ...more]
  const refused = refusedArgument(names)
  if (refused !== undefined) return `"${refused}" cannot be handed to helm`
  if (target.storageNamespace === target.namespace) return undefined
  return `The release record cannot be kept in namespace ${target.storageNamespace}: helm keeps it where the objects go (${target.namespace})`
}

function postRenderRefusal(request: HelmRequest): string | undefined {
  if (request.postRenderers.length === 0) return undefined
  return 'Post renderers need kustomize, which is not part of helm'
}
