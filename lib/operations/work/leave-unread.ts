import type { Problem } from '#lib/core/problem/index.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'settings' | 'memory' | 'wakeups'>

/** A release whose file stands in Git and cannot be read: it is left as it is, and its page says why. */
export async function leaveUnread(deps: Deps, record: ReleaseRecord, snapshot: Snapshot): Promise<void> {
  const problems = [...snapshot.problems, ...snapshot.unsupported].filter((problem) => concerns(problem, record.path))
  await patchRelease(deps, record.id, {
    phase: 'blocked',
    reason: problems[0]?.message ?? `${record.path} belongs to a chart now and is not read.`,
    phaseSince: record.phase === 'blocked' ? record.phaseSince : deps.clock.now(),
    problems,
  })
}

/** A problem of the file itself, or of the directory it stands in. */
function concerns({ path, severity }: Problem, file: string): boolean {
  if (path === undefined) return false
  return path === file ? severity === 'error' : path === '' || file.startsWith(`${path}/`)
}
