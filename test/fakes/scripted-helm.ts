import { readChartFile } from '#lib/adapters/helm-cli/index.ts'
import type { HelmStatus } from '#lib/core/release/types.ts'
import type {
  Helm,
  HelmHooks,
  HelmOutcome,
  HelmRender,
  HelmRequest,
  HelmRollback,
  HelmTarget,
} from '#lib/ports/helm.ts'

/** What happens to one run: it ends, it throws, or it dies together with the worker. */
type Answer = HelmOutcome | Error | 'killed with its worker'

/** A Helm that does what it is told: each change takes the next answer; without one it succeeds. */
export interface ScriptedHelm extends Helm {
  readonly answers: Answer[]
  /** `upgrade podinfo-dev`, in the order of the calls. */
  readonly calls: string[]
  readonly requests: HelmRequest[]
  readonly rollbacks: HelmRollback[]
  /** What a dry run gives. */
  rendered: HelmRender
}

/** `keep` is told of each revision that a change leaves in the cluster: deployed, failed, or pending after a kill. */
export function createScriptedHelm(keep: (request: HelmRequest, status: HelmStatus) => void): ScriptedHelm {
  const change = async (verb: string, target: HelmTarget, hooks: HelmHooks): Promise<HelmOutcome> => {
    helm.calls.push(`${verb} ${target.releaseName}`)
    const answer = helm.answers.shift() ?? { kind: 'succeeded', output: '' }
    if (answer instanceof Error) throw answer
    await hooks.onStart({ host: 'here', pid: 1, startTime: '1' })
    return answer === 'killed with its worker' ? { kind: 'aborted', message: answer } : answer
  }
  const revise = async (verb: 'install' | 'upgrade', request: HelmRequest, hooks: HelmHooks) => {
    helm.requests.push(request)
    const outcome = await change(verb, request, hooks)
    const killed = outcome.kind === 'aborted' || (outcome.kind === 'failed' && outcome.message.includes('signal'))
    keep(request, outcome.kind === 'succeeded' ? 'deployed' : killed ? `pending-${verb}` : 'failed')
    if (outcome.kind === 'aborted') throw new Error(outcome.message)
    return outcome
  }
  const helm: ScriptedHelm = {
    answers: [],
    calls: [],
    requests: [],
    rollbacks: [],
    rendered: { kind: 'rendered', manifest: '', hooks: [] },
    version: async () => 'v4.3.1',
    render: async () => helm.rendered,
    renderEdited: async () => helm.rendered,
    install: (request, hooks) => revise('install', request, hooks),
    upgrade: (request, hooks) => revise('upgrade', request, hooks),
    rollback(request, hooks) {
      helm.rollbacks.push(request)
      return change('rollback', request, hooks)
    },
    uninstall: (request, hooks) => change('uninstall', request, hooks),
    test: (request, hooks) => change('test', { ...request, storageNamespace: request.namespace }, hooks),
    readChartFile,
    readTemplates: async () => [],
    readDefinitions: async () => [],
    buildDependencies: async () => ({ kind: 'succeeded', output: '' }),
  }
  return helm
}
