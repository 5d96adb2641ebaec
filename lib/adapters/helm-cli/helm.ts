import { join } from 'node:path'
import { z } from 'zod'
import { Fault } from '#lib/core/fault/index.ts'
import type {
  Helm,
  HelmHooks,
  HelmOutcome,
  HelmRender,
  HelmRenderRequest,
  HelmRequest,
  HelmTarget,
} from '#lib/ports/helm.ts'
import {
  installArguments,
  refusedArgument,
  renderArguments,
  rollbackArguments,
  testArguments,
  uninstallArguments,
  upgradeArguments,
} from './helm-arguments.ts'
import type { HelmOptions, HelmRun, HelmRunner } from './helm-runner.ts'
import { copyEdited, type EditText } from './copy-edited.ts'
import { createHelmRunner, outputBytes } from './helm-runner.ts'
import { isUnreachable, lastWords } from './helm-words.ts'
import { readChartFile } from './read-chart-file.ts'
import { readDefinitions, readTemplates } from './read-chart-texts.ts'
import type { ChildEnd } from './run-child.ts'

export interface ClosableHelm extends Helm {
  /** Gives back the memory that holds what Helm knows of the API server; nothing may run any more. */
  close(): Promise<void>
}

/** A rendered release with its chart in JSON; the API server stores at most 1.5 MiB of it compressed. */
const renderBytes = 64 * 1024 * 1024
/** Helm's `--timeout` is per hook and per wait; this bounds the whole. */
const limitFor = (timeoutMs: number): number => timeoutMs * 3 + 60_000

/**
 * Throws Fault `cluster-unreachable` (retryable) when nothing was attempted because the API server or the kubeconfig
 * is not there, `cluster-refused` for a kubeconfig that starts programs, `helm-failed` when there is no usable helm.
 * Everything Helm itself decides is an outcome.
 */
export function createHelm(options: HelmOptions): ClosableHelm {
  const run = createHelmRunner(options)
  const change =
    (build: typeof installArguments) =>
    async (request: HelmRequest, hooks: HelmHooks): Promise<HelmOutcome> => {
      const refusal = refusalOf(options, request, [request.chart]) ?? postRenderRefusal(request)
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const end = await run({
        arguments: (context) => build(request, context),
        input: JSON.stringify(request.values),
        limitMs: limitFor(request.timeoutMs),
        hooks,
        target: request,
      })
      return outcomeOf(end, options)
    }
  return {
    version: () => run.version(),
    close: () => run.close(),
    readChartFile,
    readTemplates,
    readDefinitions,
    render: (request) => render(run, options, request),
    renderEdited: (request, edit) => renderEdited(run, options, request, edit),
    install: change(installArguments),
    upgrade: change(upgradeArguments),
    async rollback(request, hooks) {
      const refusal = refusalOf(options, request, [])
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const limitMs = limitFor(request.timeoutMs)
      const end = await run({ arguments: (it) => rollbackArguments(request, it), limitMs, hooks, target: request })
      return outcomeOf(end, options)
    },
    async uninstall(request, hooks) {
      const refusal = refusalOf(options, request, [])
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const limitMs = limitFor(request.timeoutMs)
      const end = await run({ arguments: (it) => uninstallArguments(request, it), limitMs, hooks, target: request })
      return outcomeOf(end, options)
    },
    async test(request, hooks) {
      const target = { ...request, storageNamespace: request.storageNamespace ?? request.namespace }
      const refusal = refusalOf(options, target, [])
      if (refusal !== undefined) return { kind: 'failed', message: refusal }
      const limitMs = limitFor(request.timeoutMs)
      const end = await run({ arguments: (it) => testArguments(target, it), limitMs, hooks, target })
      return outcomeOf(end, options)
    },
    async buildDependencies(chartDir) {
      if (refusedArgument([chartDir]) !== undefined) return { kind: 'failed', message: 'The chart has no usable path' }
      const end = await run({
        arguments: () => ['dependency', 'build', '--', chartDir],
        limitMs: 300_000,
      })
      return outcomeOf(end, options)
    },
  }
}

/** Of a copy that is there for this one run. */
function renderEdited(run: HelmRunner, options: HelmOptions, request: HelmRenderRequest, edit: EditText) {
  const copied = { ...request, chart: './chart' }
  return render(run, options, copied, (directory) => copyEdited(request.chart, join(directory, 'chart'), edit))
}

async function render(
  run: HelmRunner,
  options: HelmOptions,
  request: HelmRenderRequest,
  prepare?: HelmRun['prepare'],
): Promise<HelmRender> {
  const refusal = refusalOf(options, request, [request.chart]) ?? postRenderRefusal(request)
  if (refusal !== undefined) return { kind: 'failed', message: refusal }
  const end = await run({
    arguments: (context) => renderArguments(request, context),
    input: JSON.stringify(request.values),
    limitMs: 120_000,
    outputBytes: renderBytes,
    target: request,
    prepare,
    kindsToCome: request.kindsToCome,
  })
  const outcome = outcomeOf(end, options)
  if (outcome.kind !== 'succeeded') return { kind: 'failed', message: outcome.message }
  if (end.stdout.isCut) return { kind: 'failed', message: 'The rendered release is too large' }
  const rendered = releaseIn(end.stdout.text())
  if (rendered === undefined) return { kind: 'failed', message: 'helm answered a dry run without a manifest' }
  return { kind: 'rendered', ...rendered }
}

const DryRun = z.object({
  manifest: z.string(),
  hooks: z.array(z.object({ kind: z.string(), name: z.string(), events: z.array(z.string()).default([]) })).nullish(),
})

/** The dry run prints the release as it would be stored; values and what is in hooks are dropped here. */
function releaseIn(output: string): { manifest: string; hooks: z.infer<typeof DryRun>['hooks'] & object } | undefined {
  try {
    // Version 3 says "Release … does not exist. Installing it now." first, even with JSON.
    const start = output.indexOf('{')
    const { manifest, hooks } = DryRun.parse(JSON.parse(output.slice(start)))
    return { manifest, hooks: hooks ?? [] }
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

function refusalOf(options: HelmOptions, target: HelmTarget, more: readonly string[]): string | undefined {
  const account = target.serviceAccount
  const names = [
    target.releaseName,
    target.namespace,
    target.storageNamespace,
    ...(account ? [account.namespace, account.name] : []),
    ...more,
  ]
  const refused = refusedArgument(names)
  if (refused !== undefined) return `"${refused}" cannot be handed to helm`
  if (target.storageNamespace === target.namespace || options.reach !== undefined) return undefined
  return `The release record cannot be kept in namespace ${target.storageNamespace}: helm keeps it where the objects go (${target.namespace})`
}

function postRenderRefusal(request: HelmRequest): string | undefined {
  if (request.postRenderers.length === 0) return undefined
  return 'Post renderers need kustomize, which is not part of helm'
}
