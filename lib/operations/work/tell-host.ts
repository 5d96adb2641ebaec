import { hostAlerts, hostScope } from '#lib/core/alert/index.ts'
import {
  deploymentWords,
  nextHostTelling,
  stateWords,
  type HostedOperation,
  type HostTelling,
} from '#lib/core/deployment/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { GitHost } from '#lib/ports/git-host.ts'
import type { HostDeploymentRecord, NewAudit } from '#lib/ports/store/index.ts'
import type { HostPace, WorkerDeps } from './deps.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'lease' | 'wakeups' | 'log' | 'redaction'> & {
  gitHost?: GitHost | undefined
}
type Due = Exclude<HostTelling, { kind: 'nothing' }>
type Telling<Kind extends Due['kind']> = Extract<Due, { kind: Kind }>

const toldSinceFact = 'host-told-since'
const dayMs = 86_400_000
/** What the host did not take within this is told no more. */
const lookedBackMs = 7 * dayMs
const firstRetryMs = 10_000
const longestRetryMs = 300_000

/**
 * Tells the host of the repository one thing that it does not know of our deployments yet. Returns when to go on
 * (milliseconds since the epoch); undefined = when something happens. What was told is known after a restart; a call cut
 * short by a crash is made once more, and a deployment that arrived is found by its operation.
 */
export async function tellHost(deps: Deps): Promise<number | undefined> {
  const { store, clock, gitHost, memory } = deps
  if (!gitHost) return undefined
  const now = clock.now()
  if (memory.host.restUntil > now) return memory.host.restUntil
  const since = Math.max(await toldSince(deps), now - lookedBackMs)
  const telling = nextHostTelling(await store.untoldToHost(since), now)
  if (telling.kind === 'nothing') return telling.until
  try {
    await tell(deps, gitHost, telling, now)
  } catch (error) {
    if (!(error instanceof Fault) || !isOfHost(error)) throw error
    return noteFault(deps, telling, error)
  }
  await noteTaken(deps, topicOf(telling))
  return clock.now()
}

/** Faults of the database are the loop's. */
function isOfHost({ code }: Fault): boolean {
  return code === 'git-unreachable' || code === 'rate-limited' || code === 'git-refused' || code === 'not-found'
}

/** What happened before this repository was told anything is no news there. */
async function toldSince({ store, settings, clock }: Deps): Promise<number> {
  const fact = (await store.getFact(toldSinceFact)) as { repository: string; since: number } | null | undefined
  if (fact?.repository === settings.repository) return fact.since
  const since = clock.now()
  await store.setFact(toldSinceFact, { repository: settings.repository, since })
  return since
}

async function tell(deps: Deps, host: GitHost, telling: Due, now: number): Promise<void> {
  deps.lease.assertHeld()
  switch (telling.kind) {
    case 'status':
      return tellStatus(deps, host, telling, now)
    case 'announce':
      return announce(deps, host, telling.of)
    case 'state':
      return tellState(deps, host, telling)
    case 'retire':
      await host.setDeploymentState(telling.of.deployment, {
        state: 'inactive',
        description: 'Something newer took its place.',
        url: releaseUrl(deps, telling.of.release),
      })
      return keep(deps, { ...telling.of, told: 'inactive' })
  }
}

async function tellStatus(deps: Deps, host: GitHost, { of, state, words }: Telling<'status'>, now: number) {
  const { commit, environment } = of
  await host.setStatus({
    commit,
    name: `wheelhouse/${environment}`,
    state,
    description: words,
    url: deps.settings.webUrl,
  })
  await deps.store.saveHostStatus({ commit, environment, state, at: now })
}

/** Where it was asked for before, the answer may have been lost alone. */
async function announce(deps: Deps, host: GitHost, of: HostedOperation): Promise<void> {
  const { commit, environment, operation } = of
  const asked = { commit, environment, key: operation }
  const found = of.asked ? await host.findDeployment(asked) : undefined
  if (found === undefined && of.state === 'superseded') return keep(deps, { ...of, told: 'inactive' })
  const intent = `deployment:${operation}`
  if (!of.asked) {
    await deps.store.transaction(async (store) => {
      await store.saveHostDeployment(recordOf(deps, of))
      await store.record([auditOf(deps, of, 'deployment.intent', { intent })])
    })
  }
  const description = redactorOf(deps)(deploymentWords(of))
  const deployment = found ?? (await host.createDeployment({ ...asked, description }))
  await deps.store.transaction(async (store) => {
    await store.saveHostDeployment(recordOf(deps, { ...of, deployment }))
    await store.record([auditOf(deps, of, 'deployment.done', { intent, data: { deployment } })])
  })
  deps.wakeups.wake('outbox')
}

async function tellState(deps: Deps, host: GitHost, { of, deployment, state }: Telling<'state'>): Promise<void> {
  await host.setDeploymentState(deployment, {
    state,
    description: stateWords(of),
    url: releaseUrl(deps, of.release),
  })
  await keep(deps, { ...of, told: state })
}

function keep(deps: Deps, record: Omit<HostDeploymentRecord, 'at'>): Promise<void> {
  return deps.store.saveHostDeployment(recordOf(deps, record))
}

function recordOf(
  { clock }: Deps,
  { operation, release, environment, commit, deployment, told }: Omit<HostDeploymentRecord, 'at'>,
): HostDeploymentRecord {
  return { operation, release, environment, commit, deployment, told, at: clock.now() }
}

/** A credential may be good for the one and not for the other. */
function topicOf({ kind }: Due): keyof HostPace['refusals'] {
  return kind === 'status' ? 'status' : 'deployment'
}

async function noteTaken(deps: Deps, topic: keyof HostPace['refusals']): Promise<void> {
  const { memory } = deps
  const refusals = { ...memory.host.refusals, [topic]: 0 }
  memory.host = { restUntil: 0, failures: 0, refusals }
  const refused = Object.values(refusals).some((count) => count > 0)
  if (!refused) await settleAlerts(deps, hostScope, { wanted: [], kept: [] })
}

/** What the host refuses is told no more, and holds up nothing else; what it cannot take just now waits. */
async function noteFault(deps: Deps, telling: Due, fault: Fault): Promise<number> {
  const { clock, memory, log } = deps
  const { failures, refusals } = memory.host
  if (fault.retryable) {
    const waitMs = fault.retryAfterMs ?? Math.min(firstRetryMs * 2 ** Math.min(failures, 10), longestRetryMs)
    memory.host = { restUntil: clock.now() + waitMs, failures: failures + 1, refusals }
    if (failures === 0) log.warn('the host of the repository cannot be told', { code: fault.code, waitMs })
    return memory.host.restUntil
  }
  const topic = topicOf(telling)
  const inRow = refusals[topic] + 1
  memory.host = { restUntil: 0, failures: 0, refusals: { ...refusals, [topic]: inRow } }
  log.warn('the host of the repository refused', { what: telling.kind, code: fault.code })
  await giveUp(deps, telling, fault)
  const wanted = hostAlerts({ refusals: inRow, reason: redactorOf(deps)(fault.message) })
  if (wanted.length > 0) await settleAlerts(deps, hostScope, { wanted, kept: [] })
  return clock.now()
}

async function giveUp(deps: Deps, telling: Due, { message }: Fault): Promise<void> {
  if (telling.kind === 'status') {
    await deps.store.saveHostStatus({ ...telling.of, state: telling.state, at: deps.clock.now() })
    return
  }
  const { of } = telling
  await deps.store.transaction(async (store) => {
    await store.saveHostDeployment(recordOf(deps, { ...of, told: 'refused' }))
    const intent = `deployment:${of.operation}`
    await store.record([auditOf(deps, of, 'deployment.failed', { intent, reason: redactorOf(deps)(message) })])
  })
  deps.wakeups.wake('outbox')
}

function auditOf(
  { clock }: Deps,
  { operation, release, environment, commit }: Omit<HostDeploymentRecord, 'at'>,
  kind: string,
  more: Pick<NewAudit, 'intent'> & Partial<Pick<NewAudit, 'reason' | 'data'>>,
): NewAudit {
  return {
    at: clock.now(),
    kind,
    actor: 'automation',
    subject: `deployment to ${environment}`,
    environment,
    release,
    operation,
    commit,
    data: {},
    ...more,
  }
}

/** Whatever stands in reasons and answers leaves the product. */
function redactorOf({ memory, redaction }: Deps): (text: string) => string {
  const known = memory.secrets.everywhere()
  return (text) => redaction.notification(text, known)
}

function releaseUrl({ settings }: Deps, release: string): string {
  return `${settings.webUrl}/releases/${encodeURIComponent(release)}`
}
