import { setTimeout as pause } from 'node:timers/promises'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Emergency, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'
import { patchRelease } from './release-records.ts'

/** How long a rollback waits for Git before it goes on without (§9.12). */
const gitPatienceMs = 2_000

/** Why Git takes no commit now; undefined = it does, as far as it says. */
export async function gitAway(deps: Pick<WorkerDeps, 'git' | 'memory'>): Promise<string | undefined> {
  if (deps.memory.protection) return `The branch takes changes by pull request alone: ${deps.memory.protection.reason}`
  if (deps.memory.pushRefused) return `The branch takes no push: ${deps.memory.pushRefused.reason}`
  const abort = new AbortController()
  const late = pause(gitPatienceMs, `Git did not answer within ${gitPatienceMs / 1_000} s.`, { signal: abort.signal })
  late.catch(() => undefined)
  try {
    return await Promise.race([
      late,
      deps.git.fetch().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    ])
  } finally {
    abort.abort()
  }
}

/**
 * Brings the emergency in line with what happened: done, if its revision stands although nobody could write that down;
 * over, once the branch has its commit. Returns the record as it is then.
 */
export async function followEmergency(
  deps: WorkerDeps,
  record: ReleaseRecord,
  desired: DesiredRelease,
): Promise<ReleaseRecord> {
  const { emergency } = record
  if (!emergency) return record
  if (await isInGit(deps, emergency)) {
    // What stands is what this document brought: its own hold keeps it so, whatever moved meanwhile outside of it.
    const baseline = record.baseline && { ...record.baseline, document: desired.digest }
    return patchRelease(deps, record.id, { emergency: undefined, baseline })
  }
  if (emergency.revision !== undefined) return record
  const [head] = deps.memory.history?.get(helmKey(record.storageNamespace, record.releaseName)) ?? []
  const isBack = head?.status === 'deployed' && head.revision > emergency.before && head.inputs === emergency.inputs
  return isBack ? patchRelease(deps, record.id, backAt(deps, record, emergency, head.revision)) : record
}

/** What is known of a release once its rollback is done. */
export function backAt(deps: Pick<WorkerDeps, 'clock'>, record: ReleaseRecord, emergency: Emergency, revision: number) {
  const now = deps.clock.now()
  return {
    emergency: { ...emergency, revision },
    revision,
    deployedAt: now,
    phase: 'deployed' as const,
    phaseSince: now,
    ...(emergency.inputs === undefined || !record.baseline
      ? {}
      : { baseline: { ...record.baseline, revision, inputs: emergency.inputs } }),
  }
}

async function isInGit({ store, git, memory }: WorkerDeps, { operation }: Emergency): Promise<boolean> {
  const commit = (await store.getOperation(operation))?.commit
  const head = memory.snapshot?.commit
  return commit !== undefined && head !== undefined && (await git.isAncestor(commit, head))
}

/** Lifts it before Git knows of it: its commit is not made any more. */
export async function liftEmergency(deps: WorkerDeps, record: ReleaseRecord, by: string): Promise<void> {
  const { emergency } = record
  if (!emergency) return
  const { operation } = emergency
  const now = deps.clock.now()
  const pending = (await deps.store.pendingWrites()).filter((request) => request.operation === operation)
  await deps.store.transaction(async (store) => {
    await store.removeWrites(pending.map(({ id }) => id))
    await store.updateOperation(operation, { state: 'superseded', reason: `Lifted by ${by}.`, endedAt: now })
    await store.record([
      {
        at: now,
        kind: 'emergency.lifted',
        actor: by,
        subject: `${record.namespace}:helmrelease/${record.name}`,
        environment: record.environment,
        release: record.id,
        operation,
        data: {},
      },
    ])
  })
  await patchRelease(deps, record.id, { emergency: undefined })
  deps.wakeups.wake('release', record.id)
}
