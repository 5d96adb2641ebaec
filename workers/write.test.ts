import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Fault } from '#lib/core/fault/index.ts'
import { emptyMemory, type WorkerDeps } from '#lib/operations/work/deps.ts'
import type { CommitResult, ConfigRepository } from '#lib/ports/config-repository.ts'
import type { WriteRequest } from '#lib/ports/store/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { releaseText } from '#test/fixtures/release-documents.ts'
import { batchedWriter } from './write.ts'

const path = 'releases/dev/podinfo.yaml'
const request: WriteRequest = {
  id: 'write-1',
  operation: 'op-1',
  target: { id: 'dev:helmrelease/podinfo-dev', path },
  changes: [{ kind: 'annotation', key: 'fluxcd.io/automated', value: 'true' }],
  kind: 'automate',
  actor: { name: 'Ann', email: 'ann@example.test' },
  cause: 'automate by ann@example.test',
  expects: {},
  createdAt: 0,
}

/** One edit waits for a branch that answers as told; the times of its pushes are kept. */
function branchThat(answers: (CommitResult | Error)[]) {
  const pushedAt: number[] = []
  let pending = [request]
  const store = {
    pendingWrites: async () => pending,
    removeWrites: async () => void (pending = []),
    transaction: async (work: (inner: unknown) => Promise<unknown>) => work(store),
    updateOperation: async () => undefined,
    record: async () => undefined,
    openAlert: async () => ({ change: 'none' }),
    recoverAlert: async () => undefined,
    getFact: async () => undefined,
  }
  const git = {
    head: async () => ({ commit: 'c1', forced: false }),
    fetch: async () => ({ commit: 'c1', forced: false }),
    findOperations: async () => new Map<string, string>(),
    listFiles: async () => [{ path, blob: 'b1', size: 1, mode: '100644' as const }],
    readBlobs: async () => new Map([['b1', { kind: 'text' as const, text: releaseText() }]]),
    commit: async () => {
      pushedAt.push(Date.now())
      const answer = answers.shift() ?? { kind: 'committed', commit: 'c2' }
      if (answer instanceof Error) throw answer
      return answer
    },
  } satisfies Partial<ConfigRepository>
  const deps = {
    store,
    git,
    clock: { now: () => Date.now() },
    log: createRecordingLog(),
    settings: { repository: 'r', branch: 'main', committer: { name: 'W', email: 'w@example.test' } },
    memory: emptyMemory(),
    lease: { assertHeld: () => undefined },
    wakeups: { wake: () => undefined },
    step: () => undefined,
  } as unknown as WorkerDeps
  return { deps, pushedAt }
}

const alone = { settled: async () => undefined }

describe('batchedWriter', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }))
  afterEach(() => vi.useRealTimers())

  it.each<[string, CommitResult | Error, number[]]>([
    ['takes no push', { kind: 'refused', reason: 'hook declined' }, [200, 10_400, 30_600]],
    ['is protected', { kind: 'protected', reason: 'by pull request' }, [200, 10_400, 30_600]],
    ['asks for time', new Fault('rate-limited', 'later', { retryAfterMs: 30_000 }), [200, 30_400, 60_600]],
    ['does not answer', new Error('unreachable'), [200, 2_400, 4_600]],
  ])('comes back by itself to a branch that %s, until the commit is made', async (_label, answer, times) => {
    const { deps, pushedAt } = branchThat([answer, answer])
    const writer = batchedWriter(deps, alone)
    writer.wake('')
    await vi.advanceTimersByTimeAsync(120_000)
    expect(pushedAt).toEqual(times)
    writer.stop()
  })

  it('leaves a branch that takes no push alone when more is decided meanwhile', async () => {
    const { deps, pushedAt } = branchThat([{ kind: 'refused', reason: 'protected' }])
    const writer = batchedWriter(deps, alone)
    for (let second = 0; second < 9; second += 1) {
      writer.wake('')
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(pushedAt).toEqual([200])
    writer.stop()
  })

  it('does nothing more once it is stopped', async () => {
    const { deps, pushedAt } = branchThat([{ kind: 'refused', reason: 'protected' }])
    const writer = batchedWriter(deps, alone)
    writer.wake('')
    await vi.advanceTimersByTimeAsync(1_000)
    writer.stop()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(pushedAt).toEqual([200])
  })
})
