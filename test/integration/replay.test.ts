import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import type { DecisionRecord } from '#lib/ports/store/index.ts'
import { startRegistryServer, type RegistryServer } from '#test/fakes/registry-server.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { replayDecisions } from '#test/fixtures/replay-decisions.ts'
import { seededRandom, type SeededRandom } from '#test/fixtures/seeded-random.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let registry: RegistryServer
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())
beforeEach(async () => {
  registry = await startRegistryServer()
  worker = await startWorkerInTest(await database.fresh())
  // Everything that happens has a time of its own.
  worker.clock.now = () => (worker.clock.time += 1)
  return () => Promise.all([worker.close(), registry.close()])
})

const image = () => `${registry.host}/podinfo`

/** What a release's document says besides its image. */
interface Wish {
  namespace: 'dev' | 'prod'
  name: string
  filter: string
  automated: boolean
  hold?: string
  refused: string[]
}
const wishes = (): Wish[] => [
  { namespace: 'dev', name: 'podinfo-dev', filter: 'glob:dev-*', automated: true, refused: [] },
  { namespace: 'prod', name: 'podinfo-prod', filter: 'semver:~1', automated: true, refused: [] },
]
const pathOf = ({ namespace, name }: Wish) => `releases/${namespace}/${name}.yaml`

function annotationsOf({ automated, filter, hold, refused }: Wish): string[] {
  return [
    `fluxcd.io/automated: "${automated}"`,
    `fluxcd.io/tag.chart-image: "${filter}"`,
    ...(hold === undefined ? [] : ['fluxcd.io/locked: "true"', `fluxcd.io/locked_msg: ${hold}`]),
    ...(refused.length > 0 ? [`wheelhouse.dev/refuse.chart-image: "${refused.join(',')}"`] : []),
  ]
}

/** The document with the image that Git has by now. */
async function write(wish: Wish, first?: string) {
  if (first === undefined) await worker.origin.pull()
  const shown = first ?? (await worker.origin.git(['show', `HEAD:${pathOf(wish)}`]))
  const written = /\n {4}image: (\S+)/.exec(shown)?.[1] ?? shown
  const text = releaseText({ ...wish, annotations: annotationsOf(wish), values: [`image: ${written}`] })
  await worker.origin.push({ ...chartFiles, [pathOf(wish)]: { text } })
  await worker.fetch()
}

async function settings(text: string | undefined) {
  await worker.origin.pull()
  await worker.origin.push({ 'wheelhouse.yaml': { text: text ?? 'environments: [dev, prod]\n' } })
  await worker.fetch()
}

const scan = () => worker.scan(image())
const push = (tag: string, day: number) =>
  pushImage({ registry: registry.host, repository: 'podinfo', tag, created: new Date(Date.UTC(2026, 0, day)) })

async function begin(): Promise<Wish[]> {
  const all = wishes()
  for (const [tag, day] of [
    ['dev-1', 1],
    ['1.0.0', 1],
  ] as const)
    await push(tag, day)
  for (const wish of all) await write(wish, `${image()}:${wish.namespace === 'dev' ? 'dev-1' : '1.0.0'}`)
  await scan()
  return all
}

/** The log as it is replayed: without times and operations, and without what only another operation tells apart. */
async function logged(release: string) {
  const rows = (await worker.store.listDecisions(release, 1_000)).toReversed()
  const said = rows.map(({ at: _at, operation: _operation, ...row }: DecisionRecord) => row)
  return said.filter((row, index) => {
    const before = said.slice(0, index).findLast(({ container }) => container === row.container)
    return JSON.stringify(before) !== JSON.stringify(row)
  })
}

async function expectReplay(): Promise<number> {
  const replayed = await replayDecisions(worker.deps)
  let count = 0
  for (const { id } of worker.deps.memory.releases.values()) {
    const log = await logged(id)
    expect(replayed.get(id) ?? []).toEqual(log)
    count += log.length
  }
  return count
}

describe('what was decided, recomputed from the recorded scans', () => {
  it('equals the log over pushes, filters, holds, stops and refused tags', async () => {
    const [dev, prod] = (await begin()) as [Wish, Wish]
    await push('dev-2', 2)
    await push('1.0.1', 2)
    await scan()
    await write({ ...dev, hold: 'wait' })
    await push('dev-3', 3)
    await scan()
    await write({ ...dev, refused: ['dev-3'] })
    await push('dev-4', 2)
    await scan()
    await write({ ...prod, filter: 'semver:nonsense' })
    await write({ ...prod, filter: 'glob:1.*' })
    await scan()
    registry.deleteTag('podinfo', '1.0.1')
    await push('1.0.2', 4)
    await settings('environments: [dev, {name: prod, hold: {message: audit}}]\n')
    await scan()
    await settings('environments: [dev, {name: prod, stop: fire}]\n')
    await push('1.0.3', 5)
    await scan()
    await settings(undefined)
    await push('dev-5', 6)
    await push('dev-5', 7)
    await scan()
    expect(await expectReplay()).toBeGreaterThan(12)
    const reasons = (await Promise.all([...worker.deps.memory.releases.keys()].map(logged))).flat()
    for (const words of [/locked: wait$/, /locked: audit/, /stopped: fire$/, /no version constraint/])
      expect(reasons.some(({ reason }) => words.test(reason))).toBe(true)
  })

  it('equals the log of an environment with gates', async () => {
    const [, prod] = (await begin()) as [Wish, Wish]
    await settings('environments: [dev, {name: prod, gates: {approvals: 1}}]\n')
    await push('1.0.1', 2)
    await scan()
    await write({ ...prod, filter: 'semver:>=1' })
    await push('2.0.0', 3)
    await scan()
    await expectReplay()
    const log = await logged(worker.release('podinfo-prod').id)
    expect(log.at(-1)?.reason).toMatch(/2\.0\.0.*; not written, prod has gates: it becomes a promotion$/)
  })

  it.each([1, 2, 3])('equals the log whatever happens: %i', async (seed) => {
    const random = seededRandom(seed)
    const all = await begin()
    for (let step = 0; step < 25; step += 1) await happen(random, random.pick(all))
    await scan()
    expect(await expectReplay()).toBeGreaterThan(4)
  })

  it('still equals it when the old scans have become one', async () => {
    const [dev] = (await begin()) as [Wish]
    for (const number of [2, 3, 4]) {
      await push(`dev-${number}`, number)
      await scan()
    }
    registry.deleteTag('podinfo', 'dev-2')
    await scan()
    const before = await worker.store.listScans()
    const thirtyDays = 30 * 86_400_000
    await worker.store.pruneHistory(worker.clock.time + thirtyDays + 1)
    const after = await worker.store.listScans()
    expect([before.length > 4, after.length]).toEqual([true, 1])
    await push('dev-5', 5)
    await write({ ...dev, filter: 'glob:dev-*' })
    await scan()
    const replayed = (await replayDecisions(worker.deps)).get(worker.release('podinfo-dev').id)
    expect(replayed?.slice(-2)).toEqual((await logged(worker.release('podinfo-dev').id)).slice(-2))
  })
})

async function happen(random: SeededRandom, wish: Wish): Promise<void> {
  const number = random.integer(9)
  const tag = wish.namespace === 'dev' ? `dev-${number}` : `1.${random.integer(3)}.${number}`
  switch (random.integer(8)) {
    case 0:
    case 1:
    case 2:
      await push(tag, 1 + random.integer(20))
      break
    case 3:
      registry.deleteTag('podinfo', tag)
      break
    case 4:
      wish.filter = random.pick(['glob:dev-*', 'semver:~1', 'semver:>=1.1', 'glob:*', 'regexp:^[0-9]', 'semver:x.y.z'])
      await write(wish)
      break
    case 5:
      wish.hold = wish.hold === undefined ? `held at ${number}` : undefined
      await write(wish)
      break
    case 6:
      wish.refused = random.pick([[], [tag], [tag, 'dev-1']])
      await write(wish)
      break
    default:
      wish.automated = !wish.automated || random.integer(2) === 0
      await write(wish)
  }
  if (random.integer(2) === 0) await scan()
}
