import { editDocument, type DocumentChange } from '#lib/core/values/index.ts'
import { commitText } from '#lib/core/commit/index.ts'
import { formatImageRef, parseImageRef, withTag } from '#lib/core/image/index.ts'
import { holdOver, stopOver, type Hold } from '#lib/core/pipeline/index.ts'
import type { CommitRequest } from '#lib/ports/config-repository.ts'
import type { NewAudit, WriteRequest } from '#lib/ports/store/index.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'
import { readConfig } from './repository-config.ts'
import { heldAtHead, supersededAtHead } from './write-checks.ts'

type Deps = Pick<
  WorkerDeps,
  'store' | 'git' | 'clock' | 'log' | 'settings' | 'memory' | 'wakeups' | 'newId' | 'lease' | 'step'
>

/** Heads that move under us are followed this often before the batch is given back to the queue. */
const attemptsPerBatch = 8
/** How far back a commit of ours is looked for after a crash between push and database. */
const searchDepth = 200

interface Settled {
  request: WriteRequest
  /** Why nothing is written for it any more. */
  because: string
  state: 'superseded' | 'refused'
  /** The head says something that the snapshot does not show yet: with it, automation decides anew. */
  stale: boolean
}

/**
 * What one try at a head comes to: the texts to commit, and the requests that no longer apply there. One whose environment
 * is stopped there is in neither, and goes on waiting.
 */
interface Batch {
  files: Map<string, string>
  included: WriteRequest[]
  settled: Settled[]
}

/**
 * Turns all waiting edits into one commit on the branch head. Made anew on a moved head, so nothing of anyone else is
 * lost and no decided update either; an edit whose ground changed (other image, lock, document gone) is settled with
 * the reason instead. Returns the commit, if one was made.
 */
export async function writeCommits(deps: Deps): Promise<string | undefined> {
  const pending = await forgetAlreadyPushed(deps, await deps.store.pendingWrites())
  if (pending.length === 0) return undefined
  let waiting = pending
  for (let attempt = 0; attempt < attemptsPerBatch && waiting.length > 0; attempt++) {
    const head = attempt === 0 ? ((await deps.git.head()) ?? (await deps.git.fetch())) : await deps.git.fetch()
    if (!head) return undefined
    const batch = await editAtHead(deps, head.commit, waiting)
    await settle(deps, batch.settled)
    waiting = batch.included
    if (waiting.length === 0) return undefined
    deps.lease.assertHeld()
    deps.memory.pushUncertain = true
    deps.step('commit.before-push')
    const outcome = await deps.git.commit(commitRequest(deps, head.commit, batch))
    if (outcome.kind === 'committed') {
      deps.step('commit.pushed')
      deps.memory.awaitedCommit = outcome.commit
      await recordCommitted(deps, batch.included, outcome.commit)
      deps.memory.pushUncertain = false
      deps.step('commit.recorded')
      await deps.store.recoverAlert(refusalKey(deps), deps.clock.now())
      deps.wakeups.wake('fetch', 'own')
      return outcome.commit
    }
    deps.memory.pushUncertain = false
    if (outcome.kind === 'refused') {
      await refuse(deps, batch.included, outcome.reason)
      return undefined
    }
  }
  deps.wakeups.wake('write')
  return undefined
}

/** After a crash or a lost answer a push may have arrived all the same: its commit is looked for by operation id. */
async function forgetAlreadyPushed(deps: Deps, requests: WriteRequest[]): Promise<WriteRequest[]> {
  if (!deps.memory.pushUncertain) return requests
  const left: WriteRequest[] = []
  if (requests.length > 0) await deps.git.fetch()
  for (const request of requests) {
    const commit = await deps.git.findOperation(request.operation, searchDepth)
    if (commit) await recordCommitted(deps, [request], commit)
    else left.push(request)
  }
  deps.memory.pushUncertain = false
  return left
}

/** The intent is recorded where the request is queued, in the same transaction. */
export function commitIntent(requestId: string): string {
  return `commit:${requestId}`
}

async function editAtHead(deps: Deps, head: string, requests: WriteRequest[]): Promise<Batch> {
  const paths = new Set(requests.map((request) => request.target.path))
  const all = await deps.git.listFiles(head)
  const { config } = await readConfig(deps, all)
  const files = all.filter((file) => paths.has(file.path))
  const blobs = await deps.git.readBlobs(files.map((file) => file.blob))
  const texts = new Map<string, string>()
  for (const file of files) {
    const content = blobs.get(file.blob)
    if (content?.kind === 'text') texts.set(file.path, content.text)
  }
  const batch: Batch = { files: new Map(), included: [], settled: [] }
  for (const request of requests) {
    const release = releaseBehind(deps, request.target.id)
    if (stopOver(config, release ? [release.environment] : []) !== undefined) continue
    const text = batch.files.get(request.target.path) ?? texts.get(request.target.path)
    const because = unwritable(request, text, release && holdOver(config, release))
    if (because) {
      batch.settled.push({ request, ...because })
      continue
    }
    const edited = editDocument(text as string, request.target, request.changes)
    if (!edited.ok) {
      batch.settled.push({ request, because: edited.problem.message, state: 'refused', stale: false })
    } else if (edited.text === text) {
      batch.settled.push({ request, because: 'Git already says so.', state: 'superseded', stale: true })
    } else {
      batch.files.set(request.target.path, edited.text)
      batch.included.push(request)
    }
  }
  return batch
}

function unwritable(
  request: WriteRequest,
  text: string | undefined,
  hold: Hold | undefined,
): Omit<Settled, 'request'> | undefined {
  const gone = `${request.target.path} is gone from the branch.`
  if (text === undefined) return { because: gone, state: 'superseded', stale: true }
  const held = heldAtHead(request, text, hold)
  if (held) return { because: held, state: 'refused', stale: true }
  const superseded = supersededAtHead(request, text)
  return superseded ? { because: superseded, state: 'superseded', stale: true } : undefined
}

function commitRequest(deps: Deps, parent: string, batch: Batch): CommitRequest {
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
        images: imagesAfter(request),
        message: request.message,
        operation: request.operation,
        actor: request.actor.name,
        cause: request.cause,
      })),
    ),
    author,
  }
}

function imageChanges(changes: DocumentChange[]) {
  return changes.filter((change) => change.kind === 'image')
}

function imagesAfter(request: WriteRequest): string[] {
  return imageChanges(request.changes).map((change) => {
    const before = parseImageRef(request.expects[change.container] ?? change.container)
    return before ? formatImageRef(withTag(before, change.tag, change.digest)) : change.tag
  })
}

async function recordCommitted(deps: Deps, requests: WriteRequest[], commit: string) {
  await deps.store.transaction(async (store) => {
    for (const request of requests) {
      await store.updateOperation(request.operation, {
        commit,
        ...(changesRelease(request) ? { state: 'committed' } : { state: 'succeeded', endedAt: deps.clock.now() }),
      })
    }
    await store.record(
      requests.map((request) => ({ ...auditOf(deps, request), kind: 'commit.done', commit, data: { commit } })),
    )
    await store.removeWrites(requests.map((request) => request.id))
  })
  deps.log.info('committed', { commit, operations: requests.map((request) => request.operation) })
}

/** Only an image change leads on to a Helm revision; a policy edit ends with its commit. */
function changesRelease(request: WriteRequest): boolean {
  return imageChanges(request.changes).length > 0
}

async function settle(deps: Deps, settled: Settled[]) {
  if (settled.length === 0) return
  await deps.store.transaction(async (store) => {
    for (const { request, because, state } of settled) {
      await store.updateOperation(request.operation, { state, reason: because, endedAt: deps.clock.now() })
    }
    await store.record(
      settled.map(({ request, because, state }) => ({
        ...auditOf(deps, request),
        kind: `commit.${state}`,
        reason: because,
        data: {},
      })),
    )
    await store.removeWrites(settled.map(({ request }) => request.id))
  })
  if (settled.some(({ stale }) => stale)) deps.wakeups.wake('fetch')
}

const refusalKey = (deps: Deps): string => `push-refused:${deps.settings.repository}`

async function refuse(deps: Deps, requests: WriteRequest[], reason: string) {
  await settle(
    deps,
    requests.map((request) => ({
      request,
      because: `The branch took no push: ${reason}`,
      state: 'refused' as const,
      stale: false,
    })),
  )
  await deps.store.openAlert(
    {
      key: refusalKey(deps),
      kind: 'push-refused',
      severity: 'critical',
      title: `${deps.settings.branch} takes no push`,
      detail: reason,
      nextStep: 'Allow Wheelhouse to push to the branch, or change the branch it writes to.',
    },
    deps.clock.now(),
  )
}

function auditOf(deps: Deps, request: WriteRequest): NewAudit {
  const release = releaseBehind(deps, request.target.id)
  return {
    at: deps.clock.now(),
    kind: '',
    actor: request.actor.email,
    subject: request.target.id,
    environment: release?.environment,
    release: release?.id,
    operation: request.operation,
    intent: commitIntent(request.id),
    data: {},
  }
}
