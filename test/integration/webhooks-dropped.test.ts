import { randomInt } from 'node:crypto'
import { setTimeout as until } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { createWakeups } from '#lib/adapters/postgres/index.ts'
import type { HookDeliveryRecord } from '#lib/ports/store/index.ts'
import {
  canary as token,
  startGitHubRepository,
  type GitHubRepositoryInTest,
} from '#test/fixtures/github-repository.ts'
import { openHookDoor, type HookDoor } from '#test/fixtures/hook-door.ts'
import { makeHook, type MadeHook } from '#test/fixtures/hooks-in-test.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { seededRandom } from '#test/fixtures/seeded-random.ts'
import { silentLog, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'
import { startLoops, type Loops } from '#workers/loops.ts'

const fiveMinutes = 300_000
const anHourMs = 60 * 60_000
const pushes = 30
const path = 'releases/dev/podinfo.yaml'

let database: TestDatabase
let web: WebInTest
let door: HookDoor
let hook: MadeHook
let github: GitHubRepositoryInTest
let worker: WorkerInTest
let loops: Loops
let closeWakeups: () => Promise<void>

/** Web process, loops and a GitHub: what happens is told by webhooks, and polling finds nothing for an hour. */
beforeAll(async () => {
  database = await startTestDatabase()
  const url = await database.fresh()
  web = await startWebInTest(url)
  door = await openHookDoor()
  web.deps.webUrl = door.url
  hook = await makeHook(web, 'github')
  github = await startGitHubRepository('token', { hooks: [{ url: hook.webhook.url, secret: hook.secret }] })
  web.deps.shown = { ...web.deps.shown, repository: github.server.gitUrl, branch: github.origin.branch }
  worker = await startWorkerInTest(url, github)
  await worker.origin.push({ ...chartFiles, [path]: { text: releaseText() } })
  const wakeups = await createWakeups({ url, log: silentLog, tellsOthers: false })
  closeWakeups = () => wakeups.close()
  const settings = { ...worker.deps.settings, webUrl: door.url, pollIntervalMs: anHourMs, scanIntervalMs: anHourMs }
  const clock = { now: () => Date.now() }
  loops = startLoops({ ...worker.deps, wakeups, clock, settings, gitHost: github.host() }, { cores: 2 })
  await untilFollowed()
}, 120_000)

afterAll(async () => {
  await loops?.stop()
  await closeWakeups?.()
  await github?.stop()
  await worker?.close()
  await door?.close()
  await web?.close()
  await database?.stop()
})

const snapshot = () => web.store.latestSnapshot(worker.deps.settings.repository)
const deliveries = async (): Promise<HookDeliveryRecord[]> => (await web.store.listHookDeliveries({ limit: 500 })).items

const untilFollowed = (timeoutMs = 30_000) =>
  waitUntil('the head is followed', async () => (await snapshot())?.commit === (await github.origin.head()), {
    timeoutMs,
    everyMs: 200,
  })

/** By name, also those that tell of what Wheelhouse itself said of commits. */
const sent = () => new Set(github.server.github.hooks.attempts.map(({ guid }) => guid))
const lost = () =>
  new Set(github.server.github.hooks.attempts.filter(({ status }) => status === 0).map(({ guid }) => guid))

const allTaken = (timeoutMs: number) =>
  waitUntil(
    'all have been taken',
    async () => {
      const taken = new Set((await deliveries()).map(({ delivery }) => delivery))
      return [...sent()].every((name) => taken.has(name))
    },
    { timeoutMs, everyMs: 200 },
  )

/** Somebody was still awake on account of others. */
const isFollowedSoon = () =>
  untilFollowed(3_000).then(
    () => true,
    () => false,
  )

/** By HTTP, as people do: only of such pushes a host tells. */
async function push(index: number): Promise<void> {
  const { origin, server } = github
  await origin.git(['commit', '--quiet', '--allow-empty', '--message', `Change ${index}`])
  const address = new URL(server.gitUrl)
  Object.assign(address, { username: 'x-access-token', password: token })
  await origin.git(['push', '--quiet', address.href, `HEAD:refs/heads/${origin.branch}`])
}

describe('30 % of the webhooks are lost, the rest come three times and in any order', () => {
  it('and within five minutes all is as it should be, each handled once', async () => {
    const { hooks } = github.server.github
    const seed = randomInt(2 ** 31)
    const random = seededRandom(seed)
    console.log(`seed ${seed}`)
    hooks.mail = { dropShare: 0.3, copies: 3, shuffleMs: 2_000, random: () => random.integer(1_000_000) / 1_000_000 }
    for (let index = 0; index < pushes; index += 1) {
      await push(index)
      await until(100)
    }
    // That of the last one is lost in any case, or the ones behind it would make up for it.
    hooks.mail = { dropShare: 1 }
    await push(pushes)
    await github.server.settled()
    console.log(`${lost().size} of ${sent().size} were lost`)
    expect(lost().size).toBeGreaterThan(1)
    await untilFollowed(fiveMinutes)
    await allTaken(60_000)
    // One more, lost right after what was lost before has been asked for: nothing waits for longer.
    let more = 0
    do {
      more += 1
      await push(pushes + more)
      await github.server.settled()
    } while (await isFollowedSoon())
    await untilFollowed(fiveMinutes)
    await allTaken(fiveMinutes)
    await github.server.settled()
    const taken = await deliveries()
    const taking = (times: number) =>
      new Set(taken.filter(({ repeats }) => repeats === times).map(({ delivery }) => delivery))
    expect(taken).toHaveLength(sent().size)
    expect(taken.every(({ verdict }) => verdict.kind === 'handled')).toBe(true)
    // What was lost came once, when it was asked for; the others came three times.
    expect(taking(0)).toEqual(lost())
    expect(taking(2)).toEqual(new Set([...sent()].filter((name) => !lost().has(name))))
  }, 700_000)
})
