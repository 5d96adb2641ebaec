import { execFile } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keyFingerprint, readCheckpoint, signCheckpoint } from '#lib/core/audit/index.ts'
import { anchorRef } from '#lib/operations/read/anchor-fact.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { exportAudit } from '#lib/operations/read/export-audit.ts'
import { getCheckpoint } from '#lib/operations/read/get-checkpoint.ts'
import { verifyAudit } from '#lib/operations/read/verify-audit.ts'
import { anchorAudit } from '#lib/operations/work/anchor-audit.ts'
import { administer, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest
let url: string

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  url = await database.fresh()
  worker = await startWorkerInTest(url)
  await worker.origin.push({ 'README.md': { text: 'hello\n' } })
  await worker.deps.git.fetch()
  return () => worker.close()
})

const viewer: Caller = { id: 'p1', email: 'ada@example.test', name: 'Ada', via: 'session', roles: { '*': 'viewer' } }

async function happen(subjects: string[]) {
  const { store, clock } = worker
  await store.record(
    subjects.map((subject) => ({ at: clock.now(), kind: 'tag.seen', actor: 'automation', subject, data: {} })),
  )
  await store.chainAudit()
}

const anchor = async () => {
  const fact = await anchorAudit(worker.deps)
  await worker.store.chainAudit()
  return fact
}
const bare = (...args: string[]) => worker.origin.git(['-C', worker.origin.bare, ...args])
const inGit = async () => readCheckpoint(await bare('show', `${anchorRef}:checkpoint.json`))
const commits = async () => (await bare('rev-list', anchorRef)).split('\n').length
const rows = () => worker.store.readChain(1, 100)
const shown = () => ({ store: worker.store, shown: { repository: worker.deps.settings.repository } })
const openAlerts = async () => (await worker.store.listAlerts({ open: true, limit: 9 })).map(({ kind }) => kind)
/** As somebody who owns the database could. */
const tamper = (sql: string) =>
  administer(url, `ALTER TABLE audit_event DISABLE TRIGGER ALL; ${sql}; ALTER TABLE audit_event ENABLE TRIGGER ALL`)

describe('anchoring', () => {
  it('writes a signed checkpoint to a ref outside the branches, and touches no branch', async () => {
    const head = await worker.origin.head()
    await happen(['a', 'b'])
    const { anchored, problem } = await anchor()
    const [, second] = await rows()
    expect(problem).toBeUndefined()
    expect(await inGit()).toMatchObject({ seq: 2, hash: second?.hash })
    expect(anchored?.commit).toBe(await bare('rev-parse', anchorRef))
    expect(await worker.origin.head()).toBe(head)
    expect(await getCheckpoint(shown(), viewer)).toEqual(await inGit())
  })

  it('puts the next one on top, and none where only its own row came since', async () => {
    await happen(['a'])
    await anchor()
    await anchor()
    expect(await commits()).toBe(1)
    await happen(['b'])
    await anchor()
    expect(await commits()).toBe(2)
    expect(await inGit()).toMatchObject({ seq: 3 })
    const verdict = await verifyAudit(shown(), viewer)
    expect(verdict).toMatchObject({ kind: 'intact', rows: 4, anchor: { seq: 3 }, notAnchored: 1, problem: undefined })
  })

  it('is not lost with the database: the next one leaves a row that names the gap, an alert, and goes on', async () => {
    await happen(['a', 'b', 'c'])
    await anchor()
    await tamper('DELETE FROM audit_event WHERE seq > 1')
    await anchor()
    expect((await rows()).map(({ kind }) => kind)).toEqual(['tag.seen', 'audit.gap', 'audit.anchored', 'alert.opened'])
    expect((await rows())[1]).toMatchObject({ reason: expect.stringContaining('row 3') })
    expect(await openAlerts()).toEqual(['audit-gap'])
    expect(await commits()).toBe(2)
    await happen(['d'])
    await anchor()
    expect(await commits()).toBe(3)
    expect((await rows()).filter(({ kind }) => kind === 'audit.gap')).toHaveLength(1)
  })

  it('names a gap where somebody else wrote the ref', async () => {
    await happen(['a'])
    await anchor()
    await worker.origin.git(['push', '--quiet', '--force', 'origin', `HEAD:${anchorRef}`])
    await happen(['b'])
    const fact = await anchor()
    expect(fact.gap?.reason).toContain('no checkpoint that was signed')
    expect(await inGit()).toBeDefined()
  })

  it('never anchors a chain that is broken, and says so at once', async () => {
    await happen(['a', 'b'])
    await anchor()
    const before = await commits()
    await happen(['c', 'd'])
    await tamper(`UPDATE audit_event SET actor = 'nobody' WHERE subject = 'c'`)
    expect((await anchor()).problem).toMatchObject({ kind: 'broken-chain', reason: expect.stringContaining('Row 4') })
    expect(await commits()).toBe(before)
    expect(await openAlerts()).toEqual(['audit-broken'])
    expect(await verifyAudit(shown(), viewer)).toMatchObject({ kind: 'broken', seq: 4 })
  })

  it('finds a whole chain written anew, which without the anchor would seem intact', async () => {
    await happen(['a', 'b'])
    await anchor()
    await tamper('DELETE FROM audit_event')
    await happen(['x', 'y', 'z'])
    expect(await verifyAudit(shown(), viewer)).toMatchObject({ kind: 'broken', seq: 2 })
  })

  it('pushes nothing while everything is only observed', async () => {
    worker.deps.settings.defaultMode = 'observe'
    await happen(['a'])
    expect((await anchor()).problem).toMatchObject({ kind: 'only-observed' })
    expect(await bare('for-each-ref', anchorRef)).toBe('')
    expect(await openAlerts()).toEqual([])
  })

  it('says what the Git host said where it takes no such ref, and is over that once it does', async () => {
    const hook = join(worker.origin.bare, 'hooks', 'pre-receive')
    await writeFile(hook, '#!/bin/sh\necho "only branches here" >&2\nexit 1\n')
    await chmod(hook, 0o755)
    await happen(['a'])
    expect((await anchor()).problem).toMatchObject({ kind: 'git', reason: expect.stringContaining('only branches') })
    expect(await openAlerts()).toEqual(['audit-not-anchored'])
    await writeFile(hook, '#!/bin/sh\nexit 0\n')
    expect((await anchor()).problem).toBeUndefined()
    expect(await openAlerts()).toEqual([])
  })
})

describe('npm run audit:verify', () => {
  const file = (name: string) => join(worker.origin.directory, name)

  async function exported(): Promise<string[]> {
    let text = ''
    for await (const batch of exportAudit(worker.deps, viewer, { from: 1, format: 'jsonl' })) text += batch
    return text.trimEnd().split('\n')
  }

  async function verify(lines: readonly string[], ...more: string[]) {
    await writeFile(file('audit.jsonl'), `${lines.join('\n')}\n`)
    const args = ['cli/verify-audit.ts', file('audit.jsonl'), ...more]
    return new Promise<{ code: number; said: string }>((resolve) => {
      execFile(process.execPath, args, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
      )
    })
  }

  async function withCheckpoint(): Promise<{ lines: string[]; flags: string[] }> {
    await happen(['a', 'b', 'c', 'd'])
    await anchor()
    await writeFile(file('checkpoint.json'), await bare('show', `${anchorRef}:checkpoint.json`))
    return { lines: await exported(), flags: ['--checkpoint', file('checkpoint.json')] }
  }

  it('passes a whole export, and says what came after the checkpoint', async () => {
    const { lines, flags } = await withCheckpoint()
    const key = keyFingerprint((await inGit()) ?? { key: '' })
    const { code, said } = await verify(lines, ...flags, '--key', key)
    expect(said).toContain('intact: 5 rows')
    expect(said).toContain(`by key ${key}`)
    expect(said).toContain('not yet anchored: 1 rows after it')
    expect(code).toBe(0)
  })

  it('names the first bad row, whatever was done to it', async () => {
    const { lines, flags } = await withCheckpoint()
    const [one = '', two = '', three = '', four = '', five = ''] = lines
    const altered = three.replace('"actor":"automation"', '"actor":"nobody"')
    const cases: [lines: string[], row: number, fault: string][] = [
      [[one, two, altered, four, five], 3, 'altered'],
      [[one, two, four, five], 3, 'dropped'],
      [[one, three, two, four, five], 2, 'reordered'],
      [[one, two, three], 4, 'truncated'],
    ]
    for (const [given, row, fault] of cases)
      expect(await verify(given, ...flags)).toEqual({
        code: 1,
        said: expect.stringContaining(`broken at row ${row} (${fault})`),
      })
  })

  it('says that without a checkpoint nobody can tell whether the end was cut off', async () => {
    const { lines } = await withCheckpoint()
    const { code, said } = await verify(lines.slice(0, 3))
    expect([code, said]).toEqual([0, expect.stringContaining('not anchored')])
  })

  it('takes no checkpoint that was not signed by the key expected, or not signed at all', async () => {
    const { lines, flags } = await withCheckpoint()
    const other = signCheckpoint((await rows())[3]!, 0, Buffer.alloc(32, 9).toString('base64url'))
    expect(await verify(lines, ...flags, '--key', keyFingerprint(other))).toMatchObject({ code: 2 })
    await writeFile(file('checkpoint.json'), JSON.stringify({ ...other, seq: 2 }))
    expect(await verify(lines, ...flags)).toEqual({ code: 2, said: expect.stringContaining('signature does not fit') })
  })

  it('says in which line a file is no trail', async () => {
    expect(await verify(['{"seq":1', 'x'])).toEqual({
      code: 2,
      said: expect.stringContaining('audit.jsonl:1 is no row'),
    })
    expect(await verify([], '--checkpoint', file('none.json'))).toMatchObject({ code: 2 })
  })
})
