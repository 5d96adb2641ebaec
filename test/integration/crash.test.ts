import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { isAlive } from '#lib/adapters/helm-cli/index.ts'
import { steps } from '#lib/operations/work/deps.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { brokenInvariants, leftOver, pendingRevision, type Stream } from '#test/fixtures/crash-invariants.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { seededRandom } from '#test/fixtures/seeded-random.ts'
import { openStoreBeside } from '#test/fixtures/test-database.ts'
import { makeCrashFile, workerKills, type CrashFile, type WorkerKills } from '#test/fixtures/worker-kills.ts'

/** `WHEELHOUSE_TEST_SEED=1234` repeats a run. */
const seed = Number(process.env['WHEELHOUSE_TEST_SEED'] ?? randomInt(1_000_000))
const moments = 20
/** A push is deployed within about this when nobody is killed. */
const chainMs = 2_500
const backWithinMs = 15_000

let crash: CrashFile
let product: RunningProduct
let store: Store
let kills: WorkerKills
let start: string

const dev: Stream = { release: 'podinfo-dev', namespace: 'dev', file: 'releases/dev/podinfo.yaml', tags: [] }
const stg: Stream = { release: 'podinfo-rc', namespace: 'stg', file: 'releases/stg/podinfo.yaml', tags: [] }
const prod: Stream = { release: 'podinfo-prod', namespace: 'prod', file: 'releases/prod/podinfo.yaml', tags: [] }
const streams = [dev, stg, prod]
const slow: Stream = { release: 'podinfo-slow', namespace: 'dev', file: 'releases/dev/slow.yaml', tags: [] }

/** As the release of dev, but by hand, and Helm waits until its pods are ready. */
async function slowDocument(logLevel: string): Promise<string> {
  const text = (await product.git.read(dev.file)).replaceAll(dev.release, slow.release)
  return (
    text
      .replace(/ {2}annotations:\n( {4}.*\n)+/, '')
      .replace('spec:\n', 'spec:\n  wait: true\n')
      // The chart lets one pod be missing.
      .replace('replicaCount: 1', 'replicaCount: 3')
      .replace('logLevel: debug', `logLevel: ${logLevel}`)
  )
}

let pushed = 0
/** Pushes the next image of a stream, as CI would. */
async function push(stream: Stream): Promise<void> {
  const name = String(++pushed).padStart(8, '0')
  const tag = { dev: `dev-${name}`, stg: `stg-${name}`, prod: `0.4.${100 + pushed}` }[stream.namespace] ?? name
  await product.pushImage('podinfo', tag)
  stream.tags.push(tag)
}

beforeAll(async () => {
  crash = await makeCrashFile()
  product = await startRunningProduct({ WHEELHOUSE_CRASH_AT: crash.path })
  store = await openStoreBeside(product.product.database, 'crash-test')
  kills = workerKills(product, store)
  start = await product.git.head()
}, 900_000)

afterAll(async () => {
  await store?.close()
  await product?.stop()
  await crash?.remove()
}, 60_000)

describe('the worker is killed', () => {
  it.each(steps)('at %s: what was pushed is deployed all the same', async (step) => {
    await crash.arm(step)
    const death = await kills.death(() => push(dev))
    await kills.backAtWork(death)
    expect(await leftOver(product, store, streams)).toEqual([])
  })

  // What an upgrade builds on is superseded by Helm, even a failed one where there is no other.
  it.each([
    ['install', 'info', 'superseded'],
    ['upgrade', 'warn', 'failed'],
  ])('while helm waits in an %s: no helm is left, it is unlocked, rolled forward', async (action, level, status) => {
    // Nothing becomes ready meanwhile.
    product.world.suspend('kwok')
    await product.git.push({ [slow.file]: await slowDocument(level) }, `${action} what takes long`)
    const pending = await waitUntil('a revision is pending', () => pendingRevision(product, slow))
    const [attempt] = await store.runningAttempts()
    const death = await kills.kill()
    await waitUntil('helm has ended too', () => attempt?.process && isAlive(attempt.process) === false)
    product.world.resume('kwok')
    await kills.backAtWork(death)
    const recorded = async () => {
      const { items } = await store.listAudit({ operation: attempt?.operation, limit: 20 })
      return items.map(({ kind }) => kind).toReversed()
    }
    await waitUntil('it is rolled forward', async () => (await recorded()).at(-1) === `${action}.done`)
    expect(await leftOver(product, store, streams)).toEqual([])
    const history = await product.history(slow.release, slow.namespace)
    expect(history.slice(-2)).toMatchObject([
      { revision: pending, status, description: expect.stringContaining('Unlocked by Wheelhouse') },
      { revision: pending + 1, status: 'deployed' },
    ])
    expect(await recorded()).toEqual([
      `${action}.intent`,
      `${action}.interrupted`,
      'unlock.intent',
      'unlock.done',
      `${action}.intent`,
      `${action}.done`,
    ])
  })

  it(`at ${moments} moments of seed ${seed}: nothing is lost and nothing done twice`, async () => {
    console.log(`seed ${seed}`)
    const random = seededRandom(seed)
    for (let round = 1; round <= moments; round++) {
      const before = Array.from({ length: 1 + random.integer(2) }, () => random.pick(streams))
      const meanwhile = Array.from({ length: random.integer(2) }, () => random.pick(streams))
      const delayMs = random.integer(chainMs)
      // Never three in a row: a release that kills three workers is left alone.
      const goesOnAtOnce = round % 2 === 1
      for (const stream of before) await push(stream)
      await sleep(delayMs)
      const death = await kills.kill()
      for (const stream of meanwhile) await push(stream)
      await kills.backAtWork(death)
      if (goesOnAtOnce) continue
      expect(await leftOver(product, store, streams), `round ${round}, killed after ${delayMs} ms`).toEqual([])
    }
  }, 600_000)

  it('and every invariant holds afterwards', async () => {
    expect(await leftOver(product, store, streams)).toEqual([])
    expect(await brokenInvariants(product, store, streams, start)).toEqual([])
  })

  it('and each time it was back at work within 15 s', () => {
    const sorted = kills.absences.toSorted((left, right) => left - right)
    console.log(`back at work: min ${sorted[0]}, median ${sorted[sorted.length >> 1]}, max ${sorted.at(-1)} ms`)
    expect(sorted).toHaveLength(steps.length + 2 + moments)
    expect(sorted.at(-1)).toBeLessThanOrEqual(backWithinMs)
  })
})
