import { Fault } from '#lib/core/fault/index.ts'
import { helmReleaseId, type WorkerDeps } from '#lib/operations/work/deps.ts'
import { imageChanges } from '#lib/operations/work/edit-batch.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'

const commitQuietMs = 200
/** Decisions that go on coming put a commit off for no longer than this. */
const commitLatestMs = 1_000
const commitDelaysMs = [commitQuietMs, 1_000, 2_000, 4_000]
/** A branch without a commit of ours for so long is quiet again: longer than any delay, so that a burst stays one. */
const quietAfterMs = 5_000
/** The longest that a commit waits for decisions under way about the same releases. */
const companyMs = 600
const againAfterErrorMs = 2_000

/** What a commit waits for: repositories being scanned and releases being decided about. */
export interface UnderWay {
  settled(repositories: readonly string[], releases: readonly string[]): Promise<void>
}

/**
 * The one writer of the branch: gathers decisions until none came for 200 ms on a quiet branch, then 1, 2, 4 s while they keep coming,
 * so that a burst of images becomes a few commits (§9.28). What a person asked for never waits for more than 200 ms. Several
 * images of one release that appear together go into one commit, however long their build times take to read.
 */
export function batchedWriter(deps: WorkerDeps, underWay: UnderWay) {
  let timer: NodeJS.Timeout | undefined
  let firstAt = 0
  let busy = false
  let again = false
  let hurried = false
  let burst = 0
  let lastCommitAt = Number.NEGATIVE_INFINITY
  let later: NodeJS.Timeout | undefined
  const scheduleLater = (delayMs: number) => {
    clearTimeout(later)
    later = setTimeout(() => schedule(false), delayMs)
    later.unref()
  }
  const schedule = (urgent: boolean) => {
    hurried ||= urgent
    if (busy) {
      again = true
      return
    }
    const now = deps.clock.now()
    if (!timer) firstAt = now
    if (now - lastCommitAt > quietAfterMs) burst = 0
    const delay = hurried ? commitQuietMs : delayAfter(burst)
    // In a burst the time counts from the first decision; on a quiet branch from the last one, within a second.
    const due = delay > commitQuietMs ? firstAt + delay : Math.min(now + delay, firstAt + commitLatestMs)
    clearTimeout(timer)
    timer = setTimeout(() => void run(), Math.max(0, due - now))
  }
  const run = async () => {
    timer = undefined
    hurried = false
    busy = true
    try {
      await awaitCompany(deps, underWay)
      const written = await writeCommits(deps)
      if (written.kind === 'committed') {
        burst++
        lastCommitAt = deps.clock.now()
      }
      if (written.kind === 'held-back') scheduleLater(Math.max(0, written.until - deps.clock.now()))
    } catch (error) {
      deps.log.warn('commit failed', { error: String(error) })
      scheduleLater(Math.max(againAfterErrorMs, (error instanceof Fault && error.retryAfterMs) || 0))
    } finally {
      busy = false
      if (again) {
        again = false
        schedule(false)
      }
    }
  }
  return {
    wake: (key: string) => schedule(key === 'person'),
    stop() {
      clearTimeout(timer)
      clearTimeout(later)
    },
  }
}

/** Milliseconds to gather decisions after so many commits in a row. */
function delayAfter(burst: number): number {
  return commitDelaysMs[Math.min(burst, commitDelaysMs.length - 1)] ?? commitQuietMs
}

/** Waits for what else is about to be decided of the same releases: images other than those that are decided already. */
async function awaitCompany(deps: WorkerDeps, underWay: UnderWay): Promise<void> {
  const pending = await deps.store.pendingWrites()
  const decided = pending.filter(({ kind }) => kind === 'auto-release')
  const repositories: string[] = []
  const releases: string[] = []
  for (const record of deps.memory.releases.values()) {
    const own = decided.filter(({ target }) => target.id === helmReleaseId(record))
    const changed = new Set(own.flatMap(({ changes }) => imageChanges(changes).map(({ container }) => container)))
    const others = record.images.filter(({ container, automated }) => automated && !changed.has(container))
    if (own.length === 0 || others.length === 0) continue
    repositories.push(...others.map(({ repository }) => repository))
    releases.push(record.id)
  }
  if (releases.length === 0) return
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, companyMs)
  await Promise.race([underWay.settled(repositories, releases), patience.promise])
  clearTimeout(timer)
}
