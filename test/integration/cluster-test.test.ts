import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { executeCommands } from '#lib/operations/command/execute-commands.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { call, startWebInTest, type WebInTest } from '#test/fixtures/web-in-test.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'
import * as cluster from '../../app/api/v1/cluster/route.ts'
import * as tests from '../../app/api/v1/cluster/test/route.ts'

let database: TestDatabase
let worker: WorkerInTest
let web: WebInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  const url = await database.fresh()
  worker = await startWorkerInTest(url)
  web = await startWebInTest(url)
  return () => Promise.all([worker.close(), web.close()])
})

const asAdmin = () => ({ as: web.tokens.admin })
const view = async () => (await call(cluster.GET, 'GET', asAdmin())).json()

async function test() {
  const answer = call(tests.POST, 'POST', asAdmin())
  await expect.poll(() => worker.store.queuedCommands()).toHaveLength(1)
  await executeCommands(worker.deps, 'test-cluster')
  const response = await answer
  return { status: response.status, text: await response.text() }
}

describe('a test of the cluster', () => {
  it('says as whom the worker is known and what it may do', async () => {
    expect(await test()).toMatchObject({ status: 200, text: expect.stringContaining('everything needed is allowed') })
    expect(await view()).toMatchObject({
      name: 'default',
      server: 'https://cluster.example.test',
      test: {
        user: 'wheelhouse',
        rights: expect.arrayContaining([{ to: 'act', words: 'create workloads', allowed: true }]),
      },
    })
  })

  it('calls a role that only reads enough while nothing acts, and names what is missing once something does', async () => {
    worker.cluster.canI = (verb) => Promise.resolve(verb === 'list' || verb === 'watch')
    worker.deps.settings.defaultMode = 'observe'
    expect(await test()).toMatchObject({ status: 200, text: expect.stringContaining('enough to look, not to act') })
    worker.deps.settings.defaultMode = 'act'
    const refused = await test()
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('does not let Wheelhouse create namespaces')
    expect(refused.text).not.toContain('see pods')
    const rights = [expect.objectContaining({ words: 'change workloads', allowed: false })]
    expect(await view()).toMatchObject({ test: { rights: expect.arrayContaining(rights) } })
  })

  it('keeps for the page why the API server could not be asked', async () => {
    worker.cluster.gone = true
    expect((await test()).status).toBe(409)
    expect(await view()).toMatchObject({
      test: { rights: [], problem: { message: 'The API server does not answer.' } },
    })
  })

  it('is for administrators alone', async () => {
    expect((await call(tests.POST, 'POST', { as: web.tokens.deployer })).status).toBe(403)
    expect((await call(cluster.GET, 'GET', { as: web.tokens.deployer })).status).toBe(403)
  })
})
