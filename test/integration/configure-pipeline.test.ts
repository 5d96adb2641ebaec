import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commandSubjects, executeCommands } from '#lib/operations/command/execute-commands.ts'
import { fileFact } from '#lib/operations/read/facts.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const document = 'releases/dev/podinfo.yaml'
const file = 'wheelhouse.yaml'
const order = 'environments: [dev, prod]\n'

beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  await worker.origin.push({ ...chartFiles, [document]: { text: releaseText() } })
  await worker.fetch()
  return () => worker.close()
})

const ann = { id: 'p1', email: 'ann@example.test', name: 'Ann', roles: { '*': 'admin' as const } }
const bare = (...args: string[]) => worker.origin.git(['-C', worker.origin.bare, ...args])
const commitsSince = async (head: string) => (await bare('rev-list', `${head}..main`)).split('\n').filter(Boolean)

let asked = 0
/** Asks as the web does and carries it out; what is decided waits in the queue until `worker.settle`. */
async function ask(
  name: string,
  input: Record<string, unknown>,
  roles: Record<string, 'viewer' | 'admin'> = ann.roles,
) {
  const id = `cmd-${++asked}`
  await worker.store.enqueueCommand({ id, name, input, actor: { ...ann, roles }, createdAt: worker.clock.now() })
  for (const subject of await commandSubjects(worker.deps)) await executeCommands(worker.deps, subject)
  return (await worker.store.getCommand(id))?.state
}
const write = (text: string, base: string | null, message = 'Order them') =>
  ask('configure-pipeline', { text, base, message })
const blobAtHead = () => bare('rev-parse', `main:${file}`)
const edits = async () => (await worker.store.listOperations({ limit: 9 })).filter(({ kind }) => kind === 'policy')

describe('wheelhouse.yaml written by a person', () => {
  it('becomes one commit by that person, and is in force', async () => {
    const head = await worker.origin.head()
    expect(await write(order, null)).toMatchObject({ kind: 'done' })
    await worker.settle()
    const [commit = '', ...others] = await commitsSince(head)
    expect(others).toEqual([])
    expect(await bare('show', '--format=%an <%ae>%n%s', '--no-patch', commit)).toBe(
      'Ann <ann@example.test>\nOrder them',
    )
    expect(await bare('show', '--format=', '--name-only', commit)).toBe(file)
    expect(await bare('show', `main:${file}`)).toBe(order.trim())
    expect(worker.deps.memory.config.environments).toEqual(['dev', 'prod'])
    expect(await edits()).toMatchObject([{ state: 'succeeded', commit, actor: ann.email }])
  })

  it('has a commit of its own beside what else is decided', async () => {
    const head = await worker.origin.head()
    await ask('automate-release', { release: worker.release('podinfo-dev').id })
    await write(order, null)
    await worker.settle()
    const files = await Promise.all(
      (await commitsSince(head)).map((one) => bare('show', '--format=', '--name-only', one)),
    )
    expect(files).toEqual([document, file])
  })

  it('is refused where the file was changed before the click, and nothing is written', async () => {
    await worker.origin.push({ [file]: { text: 'environments: [dev]\n' } })
    const head = await bare('rev-parse', 'main')
    expect(await write(order, null)).toMatchObject({ kind: 'failed', code: 'conflict', message: /changed meanwhile/ })
    await worker.settle()
    expect(await commitsSince(head)).toEqual([])
    expect(await worker.store.pendingWrites()).toEqual([])
  })

  it('is refused where the file is changed between the click and the commit, and the operation says so', async () => {
    await write(order, null)
    const head = await worker.origin.push({ [file]: { text: 'environments: [dev]\n' } })
    await worker.settle()
    expect(await commitsSince(head)).toEqual([])
    const [operation] = await worker.store.listOperations({ limit: 1 })
    expect(operation).toMatchObject({ state: 'refused', reason: expect.stringContaining('changed meanwhile') })
  })

  it('is written on a head that moved elsewhere', async () => {
    await write(order, null)
    await worker.origin.push({ 'README.md': { text: 'moved\n' } })
    await worker.settle()
    expect(await bare('show', `main:${file}`)).toBe(order.trim())
  })

  it.each([
    ['that is no YAML', 'environments: [dev\n', /line 2/],
    [
      'whose environments go round',
      'environments:\n  - name: a\n    from: b\n  - name: b\n    from: a\n',
      /circle.*line 3/,
    ],
  ])('is refused by the worker too where it is a text %s', async (_label, text, message) => {
    expect(await write(text, null)).toMatchObject({ kind: 'failed', code: 'invalid', message })
    expect(await worker.store.pendingWrites()).toEqual([])
  })

  it('is refused where the worker knows the person as a viewer, whatever the web let through', async () => {
    const state = await ask('configure-pipeline', { text: order, base: null, message: 'x' }, { '*': 'viewer' })
    expect(state).toMatchObject({ kind: 'failed', code: 'forbidden' })
  })

  it('is refused where everything is only observed', async () => {
    worker.deps.memory.modes = { dev: 'observe' }
    expect(await write(order, null)).toMatchObject({ kind: 'failed', code: 'conflict', message: /only observed/ })
  })

  it('lifts the stop that it says itself', async () => {
    await worker.origin.push({ [file]: { text: 'stop: a fire\n' } })
    await worker.fetch()
    await write(order, await blobAtHead())
    await worker.settle()
    expect(worker.deps.memory.config.stop.all).toBeUndefined()
  })

  it('mends a file that cannot be read, which the page shows as it stands', async () => {
    const broken = 'environments: [dev\n'
    await worker.origin.push({ [file]: { text: broken } })
    await worker.fetch()
    const { repository, branch } = worker.deps.settings
    const shown = async () => fileFact(await worker.store.getFact('wheelhouse-file'), { repository, branch })
    expect(await shown()).toMatchObject({ blob: await blobAtHead(), text: broken })
    await write(order, await blobAtHead())
    await worker.settle()
    expect(await shown()).toMatchObject({ blob: await blobAtHead(), text: order })
  })

  it('leaves rows of the wish, the intent and the commit', async () => {
    await write(order, null)
    await worker.settle()
    await worker.store.chainAudit()
    const rows = (await worker.store.listAudit({ actor: ann.email, limit: 9 })).items.reverse()
    expect(rows.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['pipeline.changed', file],
      ['commit.intent', file],
      ['commit.done', file],
    ])
  })
})
