import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import { writeCommits } from '#lib/operations/work/write-commits.ts'

const commitQuietMs = 200
const commitDelaysMs = [commitQuietMs, 1_000, 2_000, 4_000]

/**
 * The one writer of the branch: gathers decisions for 200 ms on a quiet branch, then 1, 2, 4 s while they keep coming,
 * so that a burst of images becomes a few commits (§9.28).
 */
export function batchedWriter(deps: WorkerDeps) {
  let timer: NodeJS.Timeout | undefined
  let busy = false
  let again = false
  let burst = 0
  let lastCommitAt = Number.NEGATIVE_INFINITY
  const schedule = () => {
    if (timer || busy) {
      again = busy
      return
    }
    if (deps.clock.now() - lastCommitAt > 10_000) burst = 0
    timer = setTimeout(() => void run(), commitDelaysMs[Math.min(burst, commitDelaysMs.length - 1)])
  }
  const run = async () => {
    timer = undefined
    busy = true
    try {
      if (await writeCommits(deps)) {
        burst++
        lastCommitAt = deps.clock.now()
      }
    } catch (error) {
      deps.log.warn('commit failed', { error: String(error) })
      setTimeout(schedule, 2_000).unref()
    } finally {
      busy = false
      if (again) {
        again = false
        schedule()
      }
    }
  }
  return { wake: schedule, stop: () => clearTimeout(timer) }
}
