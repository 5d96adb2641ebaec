import { canonicalDigest } from '#lib/core/audit/index.ts'
import {
  gateCause,
  gatesInForce,
  loosens,
  noGates,
  type CauseVerdict,
  type GuardedEnvironment,
  type Loosening,
} from '#lib/core/gate/index.ts'
import { guardsOf, rulesOf } from '#lib/core/pipeline/index.ts'
import type { GuardFact, GuardedRules, LooseningRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { checksOfCommit } from './see-checks.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'gitHost' | 'clock' | 'settings' | 'memory' | 'wakeups'>

export const guardsFact = 'guards'
type GuardMemory = Pick<Deps['memory'], 'releases' | 'config' | 'guards'>
/** A check of a commit is looked for again after this. */
const lookAgainMs = 60_000
const none: GuardedRules = { gates: noGates }

/** The gates that bind a release of this environment now, and what a commit that waits would loosen (§9.15). */
export function guardInForce(
  { memory, clock }: { memory: GuardMemory } & Pick<Deps, 'clock'>,
  { environment, application }: { environment: string; application: string },
): { inForce: GuardedEnvironment; loosened: Loosening[] } {
  const has = new Set<string>()
  for (const record of memory.releases.values())
    if (record.desired && record.application === application) has.add(record.environment)
  const { accepted, committed } = sides(memory, environment, has)
  return gatesInForce(accepted, committed, clock.now())
}

function sides(memory: GuardMemory, environment: string, has: ReadonlySet<string>) {
  return guardsOf(memory.config, environment, has, memory.guards.get(environment)?.accepted)
}

/** What `wheelhouse.yaml` says of an environment's guard by now. */
function committedRules({ config }: Pick<Deps['memory'], 'config'>, environment: string): GuardedRules {
  const { from, gates } = rulesOf(config, environment)
  return { ...(from ? { from } : {}), gates }
}

/** Gates are compared as if every application were in every environment. */
export function environmentsKnown({ releases }: Pick<Deps['memory'], 'releases'>): Set<string> {
  return new Set([...releases.values()].map((record) => record.environment))
}

/**
 * Takes up what `wheelhouse.yaml` says of the gates by now. What only becomes stricter counts at once; what becomes looser
 * waits for the gates as they were, also over a restart.
 */
export async function followGates(deps: Deps): Promise<void> {
  const { memory } = deps
  const before = factOf(deps)
  for (const environment of new Set([...Object.keys(memory.config.promotion), ...memory.guards.keys()]))
    await follow(deps, environment)
  if (JSON.stringify(before) !== JSON.stringify(factOf(deps))) await keep(deps)
}

async function follow(deps: Deps, environment: string): Promise<void> {
  const { memory, clock } = deps
  const known = memory.guards.get(environment)
  const committed = committedRules(memory, environment)
  const { accepted, committed: said } = sides(memory, environment, environmentsKnown(memory))
  const loosened = known ? loosens(accepted, said, clock.now()) : []
  if (loosened.length === 0) {
    memory.guards.set(environment, { accepted: committed })
    return
  }
  const digest = canonicalDigest({ environment, before: known?.accepted ?? none, after: committed })
  if (known?.loosening?.digest === digest) return
  const commit = memory.snapshot?.commit ?? ''
  const info = await deps.git.commitInfo(commit)
  const author = { name: info.authorName, email: info.authorEmail }
  const what = loosened.map((item) => item.what)
  const loosening: LooseningRecord = { digest, commit, author, since: clock.now(), what, approvals: [], reason: '' }
  memory.guards.set(environment, { accepted: known?.accepted ?? none, loosening })
  await deps.store.record([auditOf(deps, environment, loosening, 'gates.loosening-held', what.join(', '))])
}

/**
 * Asks the old gates about each loosening that waits, and takes up those they let through. Returns when the clock alone may
 * change the answer (milliseconds since the epoch).
 */
export async function judgeLoosenings(deps: Deps): Promise<number | undefined> {
  const times: number[] = []
  for (const [environment, { accepted, loosening }] of deps.memory.guards) {
    if (!loosening) continue
    const verdict = await judge(deps, environment, loosening)
    if (verdict.kind === 'follow') {
      deps.memory.guards.set(environment, { accepted: committedRules(deps.memory, environment) })
      await deps.store.record([auditOf(deps, environment, loosening, 'gates.loosened', loosening.what.join(', '))])
      await keep(deps)
      wakeAll(deps)
      continue
    }
    if (verdict.kind === 'promotion' && verdict.until !== undefined) times.push(verdict.until)
    // Its host may tell of a check by no webhook.
    if (verdict.gates.some(({ gate, verdict: said }) => gate === 'checks' && said === 'waiting'))
      times.push(deps.clock.now() + lookAgainMs)
    if (verdict.reason === loosening.reason) continue
    deps.memory.guards.set(environment, { accepted, loosening: { ...loosening, reason: verdict.reason } })
    await keep(deps)
  }
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Gates that became looser may let through what waits. */
function wakeAll({ memory, wakeups }: Deps): void {
  for (const id of memory.releases.keys()) wakeups.wake('release', id)
  wakeups.wake('promote', '')
  wakeups.wake('automate', '')
}

async function judge(deps: Deps, environment: string, loosening: LooseningRecord): Promise<CauseVerdict> {
  const now = deps.clock.now()
  const { author, commit, since, digest } = loosening
  const { accepted, committed } = sides(deps.memory, environment, environmentsKnown(deps.memory))
  const approvals = await Promise.all(
    loosening.approvals.map(async ({ person, email, name, decision, at }) => ({
      by: { person, emails: [email], name },
      decision,
      planDigest: digest,
      at,
      role: await roleNow(deps, person, environment),
    })),
  )
  return gateCause(
    { cause: { kind: 'gates', commit, author: author.name }, before: accepted, after: committed },
    {
      environment,
      planDigest: digest,
      carries: ['these gates'],
      // They soak in Git, where everybody can see them.
      sources: [
        { kind: 'runs', environment: 'Git', since, health: { kind: 'healthy', reason: 'Git has them.', since } },
      ],
      requester: { emails: [author.email], name: author.name },
      authors: [{ emails: [author.email], name: author.name }],
      approvals,
      checks: await checksOfCommit(deps, commit, checksIn(accepted, committed), digest),
      // Nothing reports to a commit of gates but its host: whoever may override may say so by approving.
      overrides: approvals
        .filter(({ decision }) => decision === 'approve')
        .map((said) => ({ ...said, gate: 'checks', reason: 'approved the looser gates' })),
    },
    now,
  )
}

function checksIn(...sides: GuardedEnvironment[]): string[] {
  return sides.flatMap(({ gates }) => gates.checks ?? [])
}

/** The role somebody has in an environment now. */
export async function roleNow({ store }: Pick<Deps, 'store'>, person: string, environment: string) {
  const found = await store.getPerson(person)
  if (!found || found.disabledAt !== undefined) return undefined
  return found.roles[environment] ?? found.roles['*']
}

/** A person's word about one very loosening. Nothing where there is none, or another by now. */
export async function approveLoosening(
  deps: Deps,
  environment: string,
  digest: string,
  said: LooseningRecord['approvals'][number],
): Promise<boolean> {
  const guard = deps.memory.guards.get(environment)
  if (guard?.loosening?.digest !== digest) return false
  const approvals = [...guard.loosening.approvals.filter(({ person }) => person !== said.person), said]
  const loosening = { ...guard.loosening, approvals }
  deps.memory.guards.set(environment, { ...guard, loosening })
  const kind = said.decision === 'approve' ? 'gates.approval-given' : 'gates.approval-refused'
  await deps.store.record([{ ...auditOf(deps, environment, loosening, kind, said.message), actor: said.email }])
  await keep(deps)
  deps.wakeups.wake('gates')
  return true
}

function auditOf(deps: Deps, environment: string, loosening: LooseningRecord, kind: string, reason?: string) {
  const { author, commit, digest, what } = loosening
  return {
    at: deps.clock.now(),
    kind,
    actor: author.email,
    subject: `gates of ${environment}`,
    environment,
    commit,
    reason,
    data: { digest, what },
  }
}

function factOf({ memory, settings }: Deps): GuardFact {
  const { repository, branch } = settings
  return { repository, branch, environments: Object.fromEntries(memory.guards) }
}

async function keep(deps: Deps): Promise<void> {
  await deps.store.setFact(guardsFact, factOf(deps))
  deps.wakeups.wake('outbox')
}

/** What was accepted before this process began; nothing for another repository or branch. */
export async function loadGuards(deps: Pick<Deps, 'store' | 'settings' | 'memory'>): Promise<void> {
  const fact = (await deps.store.getFact(guardsFact)) as Partial<GuardFact> | null | undefined
  const { repository, branch } = deps.settings
  if (fact?.repository !== repository || fact.branch !== branch) return
  for (const [environment, guard] of Object.entries(fact.environments ?? {})) deps.memory.guards.set(environment, guard)
}
