import { commitText } from '#lib/core/commit/index.ts'
import { formatImageRef, parseImageRef, withTag } from '#lib/core/image/index.ts'
import type { CommitRequest, CommitResult, RepositoryHead } from '#lib/ports/config-repository.ts'
import type { Protection, WriteRequest } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { editAtHead, imageChanges, nextCommit, type Batch, type Settled, type Unwritable } from './edit-batch.ts'
import { gatherBulk } from './gather-bulk.ts'
import { noteUnwritable } from './note-unwritable.ts'
import { recordCommitted, settlePushes } from './record-commit.ts'
import { keepProtection } from './proposals.ts'
import { holdBack, pushesAgain, type HeldBack } from './refused-push.ts'
import { auditOfWrite } from './write-audit.ts'

type Deps = Pick<
  WorkerDeps,
  'store' | 'git' | 'gitHost' | 'clock' | 'log' | 'settings' | 'memory' | 'wakeups' | 'newId' | 'lease' | 'step'
>

/** Heads that move under us are followed this often before the batch is given back to the queue. */
const attemptsPerBatch = 8
/** A branch that takes pull requests alone is tried again after this: somebody may have lifted the protection. */
const protectedMs = 600_000

export type Written = { kind: 'nothing' } | { kind: 'committed'; commit: string } | HeldBack

/**
 * Turns all waiting edits into one commit on the branch head. Made anew on a moved head, so nothing of anyone else is
 * lost and no decided update either; an edit whose ground changed (other image, lock, document gone) is settled with
 * the reason instead. A branch that takes no push loses nothing: all stays queued. What is to come by a pull request, or can
 * come by nothing else, is not written here but proposed.
 */
export async function writeCommits(deps: Deps): Promise<Written> {
  const pending = (await deps.store.pendingWrites()).filter(({ proposal }) => proposal === undefined)
  const { due, until } = gatherBulk(deps, pending)
  if (due.length === 0 && until !== undefined) return { kind: 'held-back', until }
  const unpushed = await forgetAlreadyPushed(deps, due)
  const { protection } = deps.memory
  if (protection && unpushed.length > 0 && deps.clock.now() < protection.until) return proposeInstead(deps, protection)
  let waiting = nextCommit(unpushed)
  const others = due.length > waiting.length
  const unwritable: Unwritable[] = []
  for (let attempt = 0; attempt < attemptsPerBatch && waiting.length > 0; attempt++) {
    const tried = await tryAtHead(deps, waiting, attempt)
    if (tried === undefined) return { kind: 'nothing' }
    if (tried.kind === 'held-back') return tried
    const { head, batch, outcome } = tried
    // What was left out at an earlier head is not in what is tried again.
    unwritable.push(...batch.unwritable)
    batch.unwritable = unwritable
    waiting = batch.included
    if (outcome?.kind === 'committed') await noteCommitted(deps, head, batch, outcome.commit)
    deps.memory.pushUncertain = false
    await settleRequests(deps, batch, head)
    if (outcome === undefined) {
      await noteUnwritable(deps, batch, head, head)
      break
    }
    if (outcome.kind === 'committed' && others) deps.wakeups.wake('write')
    if (outcome.kind === 'committed') return outcome
    if (outcome.kind === 'protected' && deps.gitHost)
      return proposeInstead(deps, { reason: outcome.reason, until: deps.clock.now() + protectedMs })
    if (outcome.kind === 'refused' || outcome.kind === 'protected') return holdBack(deps, waiting, head, outcome.reason)
  }
  if (waiting.length > 0 || others) deps.wakeups.wake('write')
  // Nothing waits for the branch any more.
  else await pushesAgain(deps)
  return { kind: 'nothing' }
}

async function proposeInstead(deps: Deps, protection: Protection): Promise<HeldBack> {
  await keepProtection(deps, protection)
  await pushesAgain(deps)
  deps.wakeups.wake('propose')
  return { kind: 'held-back', until: protection.until }
}

interface Tried {
  kind: 'tried'
  head: string
  batch: Batch
  /** Absent where nothing is left to be committed. */
  outcome?: CommitResult
}

/**
 * One try. Where somebody was faster, the next one fetches, edits and commits in one turn: whoever pushes twice a second
 * leaves little time in between. Undefined = there is no branch.
 */
async function tryAtHead(deps: Deps, waiting: WriteRequest[], attempt: number): Promise<Tried | HeldBack | undefined> {
  if (attempt > 0) return deps.git.inTurn(async (own) => commitAt(deps, own, await own.fetch(), waiting))
  const { git } = deps
  return commitAt(deps, git, (await git.head()) ?? (await git.fetch()), waiting)
}

async function commitAt(
  deps: Deps,
  own: Pick<WorkerDeps['git'], 'commit'>,
  head: RepositoryHead | undefined,
  waiting: WriteRequest[],
): Promise<Tried | HeldBack | undefined> {
  if (!head) return undefined
  const { pushRefused } = deps.memory
  if (pushRefused?.head === head.commit && deps.clock.now() < pushRefused.until)
    return { kind: 'held-back', until: pushRefused.until }
  const batch = await editAtHead(deps, head.commit, waiting)
  const tried: Tried = { kind: 'tried', head: head.commit, batch }
  if (batch.included.length === 0) return tried
  deps.lease.assertHeld()
  deps.memory.pushUncertain = true
  deps.step('commit.before-push')
  return { ...tried, outcome: await own.commit(commitRequest(deps, head.commit, batch)) }
}

async function noteCommitted(deps: Deps, head: string, batch: Batch, commit: string): Promise<void> {
  deps.step('commit.pushed')
  await recordCommitted(deps, batch.included, commit)
  deps.memory.pushUncertain = false
  deps.step('commit.recorded')
  deps.wakeups.wake('fetch', 'own')
  await noteUnwritable(deps, batch, head, commit)
  await pushesAgain(deps)
  await keepProtection(deps, undefined)
  if (deps.memory.proposals.size > 0) deps.wakeups.wake('propose')
}

/** After a crash or a lost answer a push may have arrived all the same. */
async function forgetAlreadyPushed(deps: Deps, requests: WriteRequest[]): Promise<WriteRequest[]> {
  if (!deps.memory.pushUncertain) return requests
  if (requests.length > 0) await deps.git.fetch()
  const left = await notPushed(deps, requests)
  deps.memory.pushUncertain = false
  return left
}

/** What the head says already may be a push of the worker that died before us, come late. */
async function withoutPushed(deps: Deps, settled: readonly Settled[]): Promise<Settled[]> {
  const requests = settled.map(({ request }) => request)
  const left = new Set(await notPushed(deps, requests))
  return settled.filter(({ request }) => left.has(request))
}

async function notPushed(deps: Deps, requests: WriteRequest[]): Promise<WriteRequest[]> {
  const left = await settlePushes(deps, requests)
  // The snapshot may be older than the commit that was found.
  if (left.length < requests.length) deps.wakeups.wake('fetch', 'own')
  return left
}

/** The commit of a batch on `parent`: in the name of the person where all of it is one's, else of Wheelhouse. */
export function commitRequest(deps: Pick<Deps, 'settings'>, parent: string, batch: Batch): CommitRequest {
  const people = batch.included.filter((request) => request.actor.email !== deps.settings.committer.email)
  const author =
    people.length === batch.included.length ? (people[0]?.actor ?? deps.settings.committer) : deps.settings.committer
  return {
    parent,
    files: [...batch.files].map(([path, text]) => ({ path, text })),
    message: commitText(
      batch.included.map((request) => ({
        kind: request.kind,
        target: request.target.id,
        images: whatComes(request),
        message: request.message,
        operation: request.operation,
        actor: request.actor.name,
        cause: request.cause,
      })),
    ),
    author,
  }
}

/** The images; of what brings none, its chart. */
function whatComes(request: WriteRequest): string[] {
  const images = imagesAfter(request)
  if (images.length > 0) return images
  return request.changes.flatMap((change) =>
    change.kind === 'scalar' && change.path.join('.') === 'spec.chart.ref'
      ? [`chart of ${change.value.slice(0, 7)}`]
      : [],
  )
}

function imagesAfter(request: WriteRequest): string[] {
  return imageChanges(request.changes).map((change) => {
    const before = parseImageRef(request.expects[change.container] ?? change.container)
    return before ? formatImageRef(withTag(before, change.tag, change.digest)) : change.tag
  })
}

/**
 * Ends the requests of a batch that do not apply at `head`, or that have come there already. Whether there is something else to decide instead, the snapshot of that head
 * tells; where it is the current one, it may have been decided while the old request still stood in the way. What was
 * refused would only be refused again.
 */
export async function settleRequests(deps: Deps, batch: Batch, head: string): Promise<void> {
  const settled = batch.settled.length > 0 ? await withoutPushed(deps, batch.settled) : []
  if (settled.length === 0) return
  await deps.store.transaction(async (store) => {
    for (const { request, because, state } of settled) {
      await store.updateOperation(request.operation, { state, reason: because, endedAt: deps.clock.now() })
    }
    await store.record(
      settled.map(({ request, because, state }) => ({
        ...auditOfWrite(deps, request),
        kind: `commit.${state}`,
        reason: because,
        data: {},
      })),
    )
    await store.removeWrites(settled.map(({ request }) => request.id))
  })
  if (deps.memory.snapshot?.commit !== head) deps.wakeups.wake('fetch', 'own')
  for (const { request, state } of settled) if (state === 'superseded') deps.wakeups.wake('automate', request.target.id)
}
