import { setTimeout as until } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { listReleases } from '#lib/api/releases.ts'
import { appName, chartFiles, namespace, namespaceFile, pathOf, releaseText } from '#test/bench/bench-releases.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { pushSteadily, type SteadyPushes } from '#test/fixtures/steady-pusher.ts'

const anHourMs = String(60 * 60_000)
const names = Array.from({ length: 50 }, (_, index) => appName(index))
const burstMs = 10_000
const mostCommits = 6
const newTag = 'dev-1'

let product: RunningProduct

/** At GitHub, found by webhooks alone. */
beforeAll(async () => {
  const intervals = { WHEELHOUSE_POLL_INTERVAL_MS: anHourMs, WHEELHOUSE_SCAN_INTERVAL_MS: anHourMs }
  product = await startRunningProduct(intervals, { github: true })
  for (const name of names) await product.pushImage(name, 'dev-0')
  const { plainUrl: gitUrl, branch } = product.world.git
  const documents = names.map((name) => {
    const image = `${product.world.registry.host}/${name}:dev-0`
    return [pathOf(name), releaseText({ name, gitUrl, branch, image, automated: true })]
  })
  await product.git.push({ ...chartFiles, ...namespaceFile, ...Object.fromEntries(documents) }, 'Add many')
  const deployed = async () => {
    const { items } = await product.call(listReleases, { query: { environment: namespace, limit: 100 } })
    return items.filter(({ phase, automated }) => automated && phase === 'deployed').length === names.length
  }
  await waitUntil('all are deployed', deployed, { timeoutMs: 300_000, everyMs: 500 })
}, 900_000)
afterAll(() => product?.stop(), 60_000)

/** Tags 50 images, one every fifth of a second; returns how long it took in milliseconds. */
async function tagAll(): Promise<number> {
  const setTags = await Promise.all(names.map((name) => product.stageImage(name, newTag)))
  const begun = performance.now()
  for (const [index, setTag] of setTags.entries()) {
    await until(Math.max(0, begun + (index * burstMs * 0.95) / names.length - performance.now()))
    await setTag()
  }
  return performance.now() - begun
}

/** How many documents name the new image at the head. */
const written = async () =>
  (await product.git.readAll(names.map(pathOf))).match(new RegExp(`^ {4}image: .*:${newTag}$`, 'gm'))?.length ?? 0

describe('somebody pushes twice a second for a minute while 50 images arrive within 10 s', () => {
  let before = ''
  let own: string[] = []
  let pushes: SteadyPushes
  let tookMs = 0

  beforeAll(async () => {
    before = await product.git.head()
    const pushing = pushSteadily(product.world.git, {
      perSecond: 2,
      count: 120,
      touches: (index) => pathOf(names[index % names.length] ?? ''),
    })
    await until(15_000)
    tookMs = await tagAll()
    pushes = await pushing
    await waitUntil(
      'every image is in Git',
      async () => {
        const found = await written()
        if (found < names.length) throw new Error(`${found} of ${names.length}`)
        return true
      },
      { timeoutMs: 60_000, everyMs: 250 },
    )
    const messages = await Promise.all(
      (await product.git.commits(before, await product.git.head())).map((commit) => product.git.message(commit)),
    )
    own = messages.filter((message) => message.includes('Wheelhouse-Op:'))
    console.log(
      `${tookMs.toFixed(0)} ms for 50 tags; ${own.length} commits by Wheelhouse; ${pushes.rate.toFixed(2)} pushes/s, overtaken ${pushes.overtaken} times`,
    )
  }, 300_000)

  it('and every image is in Git, once', () => {
    const operations = own.flatMap((message) => message.match(/^Wheelhouse-Op: \S+$/gm) ?? [])
    expect(tookMs).toBeLessThan(burstMs * 1.5)
    expect(new Set(operations).size).toBe(names.length)
    expect(operations).toHaveLength(names.length)
  })

  it(`by at most ${mostCommits} commits`, () => {
    expect(own.length).toBeLessThanOrEqual(mostCommits)
  })

  it('and nothing of the other is lost', async () => {
    const history = new Set(await product.git.history())
    expect(pushes.pushed).toHaveLength(120)
    for (const { commit, path, text } of pushes.pushed) {
      expect(history).toContain(commit)
      expect(`${await product.git.read(path)}\n`).toBe(text)
    }
    const last = pushes.pushed.length - 1
    expect(await product.git.read(pathOf(names[last % names.length] ?? ''))).toContain(`# touched ${last}\n`)
  })

  it('without a merge commit', async () => {
    expect(await product.git.merges()).toEqual([])
  })
})
