import { readCheckpoint, signCheckpoint, verifyPages } from '#lib/core/audit/index.ts'
import type { ChainVerdict, Checkpoint, SignedCheckpoint } from '#lib/core/audit/index.ts'
import { auditAlerts, auditScope } from '#lib/core/alert/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Anchor } from '#lib/ports/config-repository.ts'
import { anchorFact, anchorFactName, anchorFile, anchorRef, type AnchorFact } from '../read/anchor-fact.ts'
import { chainPages } from '../read/chain-pages.ts'
import { actsSomewhere, type WorkerDeps } from './deps.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'clock' | 'memory' | 'wakeups' | 'settings' | 'lease'>

/** Of the rows that the anchoring itself leaves; they alone are no reason to anchor again. */
const ownKind = 'audit.anchored'
/** The alert of a gap stays this long; the row in the trail stays for good. */
const gapTellsMs = 7 * 86_400_000

/**
 * Writes down in Git how far the audit chain goes, so that a trail cut off, rewritten or lost later is noticed without
 * trusting the database. What Git had before is compared first: a chain that does not contain it leaves a row
 * `audit.gap` and an alert. A chain that is broken is never anchored. Nothing is pushed while nothing may act.
 * Returns what the pages are told.
 */
export async function anchorAudit(deps: Deps): Promise<AnchorFact> {
  const { store, settings } = deps
  const known = anchorFact(await store.getFact(anchorFactName), settings.repository)
  const fact = await anchorNow(deps, known ?? { repository: settings.repository }).catch((error: unknown) => {
    if (error instanceof Fault && (error.code === 'git-unreachable' || error.code === 'git-refused'))
      return { ...known, repository: settings.repository, problem: { kind: 'git' as const, reason: error.message } }
    throw error
  })
  await store.setFact(anchorFactName, fact)
  const gap = fact.gap && deps.clock.now() - fact.gap.at < gapTellsMs ? fact.gap.reason : undefined
  await settleAlerts(deps, auditScope, auditAlerts({ gap, problem: fact.problem }))
  return fact
}

async function anchorNow(deps: Deps, known: AnchorFact): Promise<AnchorFact> {
  const { repository, gap } = known
  if (!actsSomewhere(deps)) {
    const reason = 'Nothing is anchored while every environment is only observed.'
    return { ...known, problem: { kind: 'only-observed', reason } }
  }
  const anchor = await deps.git.readAnchor(anchorRef, anchorFile)
  const before = anchor && readCheckpoint(anchor.text)
  const seen = await compare(deps, anchor, before)
  if (seen.kind === 'gap') {
    await noteGap(deps, anchor?.commit ?? '', seen.reason)
    return { repository, gap: { at: deps.clock.now(), reason: seen.reason }, ...(await push(deps, anchor, seen.head)) }
  }
  if (seen.kind === 'broken') return { ...known, problem: { kind: 'broken-chain', reason: seen.reason } }
  const anchored = anchor && before && { checkpoint: before, commit: anchor.commit }
  if (!seen.head) return { repository, gap, anchored }
  return { repository, gap, anchored, ...(await push(deps, anchor, seen.head)) }
}

type Compared =
  /** `head`: where the chain goes further than the anchor, by more than our own rows. */
  | { kind: 'whole'; head: Checkpoint | undefined }
  | { kind: 'gap'; reason: string; head: Checkpoint | undefined }
  | { kind: 'broken'; reason: string }

async function compare(
  { store }: Deps,
  anchor: Anchor | undefined,
  before: SignedCheckpoint | undefined,
): Promise<Compared> {
  const lost = anchor && (await whyLost(store, before))
  let worth = false
  const after = lost === undefined ? before : undefined
  const pages = chainPages(store, (after?.seq ?? 0) + 1)
  async function* noticing() {
    for await (const page of pages) {
      worth ||= page.some(({ kind }) => kind !== ownKind)
      yield page
    }
  }
  const verdict: ChainVerdict = await verifyPages(noticing(), undefined, after)
  if (!verdict.ok) return { kind: 'broken', reason: verdict.message }
  const head = worth ? verdict.head : undefined
  return lost === undefined ? { kind: 'whole', head } : { kind: 'gap', reason: lost, head }
}

/** Why the chain is not the one that Git knows; undefined = it is. */
async function whyLost(store: Deps['store'], before: SignedCheckpoint | undefined): Promise<string | undefined> {
  if (!before) return `${anchorRef} holds no checkpoint that was signed.`
  const [row] = await store.readChain(before.seq, 1)
  if (row?.seq !== before.seq) return `Git knows row ${before.seq} of the audit trail, which is not there.`
  return row.hash === before.hash ? undefined : `Row ${before.seq} of the audit trail is not the one that Git knows.`
}

/** Once for each commit it is about. */
async function noteGap({ store, clock, settings }: Deps, commit: string, reason: string): Promise<void> {
  await store.record([
    {
      at: clock.now(),
      kind: 'audit.gap',
      actor: 'automation',
      subject: settings.repository,
      commit,
      reason,
      intent: `audit-gap:${commit}`,
      data: { ref: anchorRef },
    },
  ])
}

async function push(
  deps: Deps,
  anchor: Anchor | undefined,
  head: Checkpoint | undefined,
): Promise<Pick<AnchorFact, 'anchored' | 'problem'>> {
  if (!head) return {}
  const { store, git, clock, settings, lease } = deps
  const checkpoint = signCheckpoint(head, clock.now(), settings.auditSeed)
  const text = `${JSON.stringify(checkpoint, undefined, 2)}\n`
  lease.assertHeld()
  const message = `Audit trail up to row ${head.seq}\n`
  const result = await git.pushAnchor({ ref: anchorRef, name: anchorFile, text, message, after: anchor?.commit })
  if (result.kind === 'moved')
    throw new Fault('conflict', 'Another worker anchors the audit trail.', { retryable: true })
  if (result.kind !== 'committed')
    return { problem: { kind: 'git', reason: `The Git host takes no checkpoint: ${result.reason}` } }
  await store.record([
    {
      at: clock.now(),
      kind: ownKind,
      actor: 'automation',
      subject: settings.repository,
      commit: result.commit,
      data: { ref: anchorRef, seq: head.seq, hash: head.hash },
    },
  ])
  return { anchored: { checkpoint, commit: result.commit } }
}
