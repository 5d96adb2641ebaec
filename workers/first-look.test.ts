import { expect, it } from 'vitest'
import { emptyMemory, type WorkerMemory } from '#lib/operations/work/deps.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { firstLook } from './first-look.ts'

const record = (id: string, desired = true) => ({ id, desired }) as ReleaseRecord

it('says once that every wanted release was looked at, counting from when there was something to compare', async () => {
  const memory: WorkerMemory = { ...emptyMemory(), history: new Map(), namespaces: new Set() }
  for (const known of [record('a'), record('b'), record('gone', false)]) memory.releases.set(known.id, known)
  const log = createRecordingLog()
  const clock = { time: 1_000, now: () => clock.time }
  const look = firstLook({ memory, clock, log }, async (id) => (id === 'a' ? 7 : undefined))

  expect(await look('a')).toBe(7)
  await look('b')
  expect(log.lines).toEqual([])

  memory.snapshot = { releases: [] } as unknown as WorkerMemory['snapshot']
  clock.time = 1_500
  await look('b')
  expect(log.lines).toEqual([])
  await look('a')
  await look('a')
  expect(log.lines).toEqual([{ level: 'info', message: 'all releases verified', fields: { releases: 2, ms: 500 } }])
})
