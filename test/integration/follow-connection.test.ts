import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { childEnvironment } from '#demo/world/child-environment.ts'
import { waitUntil } from '#demo/world/wait-until.ts'
import { sealingKeyFact } from '#lib/operations/request/seal-for-worker.ts'
import { productRoot } from '#lib/wiring/product-root.ts'
import { createOrigin, type GitOrigin } from '#test/fixtures/git-origin.ts'
import { startGitHost, type GitHost } from '#test/fixtures/git-http-server.ts'
import { startSshHost, type SshHost } from '#test/fixtures/ssh-host.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import * as connection from '../../app/api/v1/repository/connection/route.ts'
import * as tests from '../../app/api/v1/repository/connection/test/route.ts'

/** A worker's start, or its turn to another repository, on a busy machine. */
const poll = { timeout: 30_000, interval: 100 }
const patience = { timeoutMs: 30_000, everyMs: 100 }

let database: TestDatabase
let web: WebInTest
let worker: ChildProcess
let dataDir: string
let first: GitOrigin
let second: GitOrigin
let http: GitHost
let ssh: SshHost

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

/** A worker as `npm run worker` starts it, with a cluster that is not there: the repository is none of its business. */
beforeEach(async () => {
  const url = await database.fresh()
  web = await startWebInTest(url)
  dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-follow-'))
  ;[first, second] = [await createOrigin(), await createOrigin()]
  http = await startGitHost(first.directory)
  ssh = await startSshHost()
  worker = spawn(process.execPath, [join(productRoot, 'workers/main.ts')], {
    cwd: productRoot,
    env: childEnvironment({
      PATH: process.env.PATH,
      DATABASE_URL: url,
      WHEELHOUSE_DATA: dataDir,
      WHEELHOUSE_KUBECONFIG: join(dataDir, 'no-kubeconfig'),
      WHEELHOUSE_INSIDE_HOSTS: '127.0.0.1',
      WHEELHOUSE_LOG_LEVEL: 'error',
    }),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await waitUntil('the worker', async () => (await web.store.getFact(sealingKeyFact)) !== undefined, patience)
})
afterEach(async () => {
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  worker.kill()
  await gone
  await web.close()
  await http.close()
  await ssh.close()
  await first.remove()
  await second.remove()
  await rm(dataDir, { recursive: true, force: true })
})

const asAdmin = () => ({ as: web.tokens.admin })
const connect = async (url: string, branch = 'main') => {
  const body = JSON.stringify({ url, branch, credential: { kind: 'none' } })
  expect((await call(connection.PUT, 'PUT', { ...asAdmin(), body })).status).toBe(200)
}
const view = async () => (await call(connection.GET, 'GET', asAdmin())).json()

/** Asks for a test, and waits until the worker is done with it. */
async function test() {
  const { command } = (await (await call(tests.POST, 'POST', asAdmin())).json()) as { command?: string }
  const isDone = async () => (await web.store.queuedCommands()).every(({ id }) => id !== command)
  await waitUntil('the test', isDone, patience)
}

it('a worker follows what is connected and changed on the page, and is never started again', async () => {
  const head = await first.push({ 'releases/dev/a.yaml': { text: 'kind: Nothing\n' } })
  expect(await view()).toMatchObject({ source: 'none', sync: { state: 'unconfigured' } })
  await connect(`${http.url}/config.git`)
  await expect.poll(view, poll).toMatchObject({
    source: 'settings',
    reach: { kind: 'anonymous', host: new URL(http.url).host },
    sync: { state: 'ready', head },
  })
  // The other repository is reached over SSH by the key that the worker made when it started.
  const other = await second.push({ 'releases/dev/b.yaml': { text: 'kind: Nothing\n' } })
  await ssh.let(await web.store.listDeployKeys())
  await connect(ssh.urlOf(second.bare))
  await expect.poll(view, poll).toMatchObject({
    reach: { kind: 'deploy-key', host: ssh.name },
    sync: { state: 'ready', head: other },
  })
  expect(worker.exitCode).toBeNull()
})

it('a test says step by step what works, and writes nothing while nothing acts', async () => {
  await first.push({ 'releases/dev/a.yaml': { text: 'kind: Nothing\n' } })
  const refs = await first.git(['ls-remote', first.bare])
  await connect(`${http.url}/config.git`)
  await expect.poll(view, poll).toMatchObject({ sync: { state: 'ready' } })
  await test()
  const steps = [
    { name: 'read', state: 'ok' },
    { name: 'write', state: 'ok', words: expect.stringContaining('Nothing was written') },
  ]
  await expect.poll(view, poll).toMatchObject({ test: { steps } })
  expect(await first.git(['ls-remote', first.bare])).toBe(refs)
  await connect(`${http.url}/config.git`, 'release')
  await expect.poll(view, poll).toMatchObject({ reach: { kind: 'anonymous' } })
  await test()
  const missing = { name: 'read', state: 'failed', words: 'The repository has no branch release.' }
  await expect.poll(view, poll).toMatchObject({ test: { steps: [missing] } })
})
