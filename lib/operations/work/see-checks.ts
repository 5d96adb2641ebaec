import { Fault } from '#lib/core/fault/index.ts'
import type { CheckReport, ChecksSeen } from '#lib/core/gate/index.ts'
import type { CommitCheck } from '#lib/ports/git-host.ts'
import type { CheckRecord, PromotionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { proposalOf } from './proposals.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'gitHost' | 'memory'>

/**
 * What systems outside say of a promotion's plan: what was reported to it, and the statuses and checks of the commit that
 * it brings. What the host says is kept as well: the pages have no way to it.
 */
export async function seeChecks(
  deps: Deps,
  promotion: PromotionRecord,
  names: readonly string[],
): Promise<ChecksSeen | undefined> {
  if (names.length === 0) return undefined
  const known = await deps.store.listChecks(promotion.id)
  const { planDigest } = promotion
  const said = await askHost(deps, await commitOf(deps, promotion), names)
  const fresh = said.checks.map((check) => recordOf(deps, promotion, check))
  for (const record of fresh) if (!known.some((other) => isSame(other, record))) await deps.store.saveCheck(record)
  const told = known.filter(({ origin }) => origin === 'told')
  // While the host cannot be asked, what it said last holds: it may only get better by being asked.
  const before = known.filter((record) => record.origin === 'host' && record.planDigest === planDigest)
  const ofHost = said.unreachable === undefined ? fresh : before.filter(({ state }) => state !== 'success')
  return { reports: [...told, ...ofHost].map(reportOf), unreachable: said.unreachable }
}

/** What the pages know of it: the worker's last look. */
export async function checksKept(
  { store }: Pick<Deps, 'store'>,
  { id }: Pick<PromotionRecord, 'id'>,
): Promise<ChecksSeen> {
  return { reports: (await store.listChecks(id)).map(reportOf) }
}

/** What the host says of a commit that itself asks for something, such as looser gates. */
export async function checksOfCommit(
  deps: Pick<Deps, 'gitHost'>,
  commit: string,
  names: readonly string[],
  planDigest: string,
): Promise<ChecksSeen> {
  const { checks, unreachable } = await askHost(deps, commit, names)
  return {
    reports: checks.map(({ name, state, description }) => ({ name, state, description, planDigest })),
    unreachable,
  }
}

interface Said {
  checks: CommitCheck[]
  unreachable?: string
}

async function askHost(
  { gitHost }: Pick<Deps, 'gitHost'>,
  commit: string | undefined,
  names: readonly string[],
): Promise<Said> {
  if (!gitHost || commit === undefined || names.length === 0) return { checks: [] }
  try {
    return { checks: (await gitHost.commitChecks(commit)).filter(({ name }) => names.includes(name)) }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { checks: [], unreachable: `The checks of ${commit.slice(0, 7)} cannot be read: ${error.message}` }
  }
}

/** What is proposed is the head of its branch, what is let through a commit itself; else what the source runs came by one. */
async function commitOf({ store, memory }: Deps, promotion: PromotionRecord): Promise<string | undefined> {
  if (promotion.way === 'pull-request') return proposalOf({ memory }, promotion)?.commit
  const { facts, application, source: environment } = promotion
  if (facts.commit !== undefined) return facts.commit
  const source = [...memory.releases.values()].find(
    (record) => record.desired && record.application === application && record.environment === environment,
  )
  if (!source) return undefined
  const { items } = await store.listRevisions(source.id)
  return items.find(({ status }) => status === 'deployed')?.commit
}

function recordOf(
  { clock }: Pick<Deps, 'clock'>,
  { id, planDigest }: PromotionRecord,
  { name, state, description, url }: CommitCheck,
): CheckRecord {
  const words = description === '' ? undefined : description
  return { promotion: id, name, origin: 'host', planDigest, state, description: words, url, at: clock.now() }
}

function isSame(a: CheckRecord, b: CheckRecord): boolean {
  return (
    a.origin === b.origin &&
    a.name === b.name &&
    a.planDigest === b.planDigest &&
    a.state === b.state &&
    a.description === b.description &&
    a.url === b.url
  )
}

function reportOf({ name, state, planDigest, description }: CheckRecord): CheckReport {
  return { name, state, planDigest, description }
}
