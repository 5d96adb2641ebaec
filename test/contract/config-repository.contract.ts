import { mkdtemp, readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConfigRepository } from '#lib/ports/config-repository.ts'
import type { Change, GitOrigin } from '#test/fixtures/git-origin.ts'

export interface RepositoryUnderTest {
  origin: GitOrigin
  /** A second, independent opening of the same repository with a mirror of its own. */
  open(): ConfigRepository & { close(): Promise<void> }
  /** From now on the branch takes changes by pull request alone. */
  protect(): Promise<void>
  stop(): Promise<void>
}

const author = { name: 'Grace Hopper', email: 'grace@example.test' }

const seed: Record<string, Change> = {
  'releases/dev/podinfo.yaml': { text: 'tag: dev-1\n' },
  'charts/podinfo/Chart.yaml': { text: 'name: podinfo\n' },
  'charts/podinfo/run.sh': { text: '#!/bin/sh\n', executable: true },
  'charts/podinfo/logo.png': { text: Buffer.from([0x89, 0x50, 0, 0xff]) },
  'charts/podinfo/shared.tpl': { linkTo: '../shared/_names.tpl' },
  'charts/shared/_names.tpl': { text: '{{ define "name" }}{{ end }}\n' },
  'charts/umbrella/Chart.yaml': { text: 'name: umbrella\n' },
  'charts/umbrella/charts/podinfo': { linkTo: '../../podinfo' },
  'charts/alias': { linkTo: 'podinfo' },
  'charts/evil/passwd': { linkTo: '../../../../../../etc/passwd' },
  'charts/evil-absolute/passwd': { linkTo: '/etc/passwd' },
  'charts/outside': { linkTo: '../../elsewhere' },
  'charts/round-about': { linkTo: '../../config/charts/podinfo' },
  'charts/beyond': { linkTo: '../../charts/podinfo' },
  'charts/loop/again': { linkTo: '../loop' },
  'charts/dangling/x.yaml': { linkTo: 'nowhere.yaml' },
  'name with ümlaut and "quotes".yaml': { text: 'a: 1\n' },
}

type Repository = ReturnType<RepositoryUnderTest['open']>

/** Fresh parts of one test, or of one group of tests that only read. */
interface Bench {
  under: RepositoryUnderTest
  repository: Repository
  /** The commit of `seed`, fetched. */
  first: string
}

async function setUp(start: () => Promise<RepositoryUnderTest>): Promise<Bench> {
  const under = await start()
  const first = await under.origin.push(seed)
  const repository = under.open()
  await repository.fetch()
  return { under, repository, first }
}

async function tearDown({ repository, under }: Bench): Promise<void> {
  await repository.close()
  await under.stop()
}

/** What every ConfigRepository does, whatever is behind it. */
export function configRepositoryContract(name: string, start: () => Promise<RepositoryUnderTest>): void {
  describe(`${name}`, () => {
    describe('reading', () => {
      readingContract(start)
    })
    describe('writing', () => {
      writingContract(start)
    })
    describe('a branch that moves', () => {
      movingContract(start)
    })
  })
}

function readingContract(start: () => Promise<RepositoryUnderTest>): void {
  let bench: Bench
  beforeAll(async () => {
    bench = await setUp(start)
  })
  afterAll(() => tearDown(bench))

  it('lists regular files with blob, size and mode, without symlinks', async () => {
    const files = await bench.repository.listFiles(bench.first)
    const paths = files.map((file) => file.path)
    expect(paths).toContain('name with ümlaut and "quotes".yaml')
    expect(paths).not.toContain('charts/podinfo/shared.tpl')
    expect(files.find((file) => file.path === 'releases/dev/podinfo.yaml')).toMatchObject({
      size: 11,
      mode: '100644',
    })
    expect(files.find((file) => file.path === 'charts/podinfo/run.sh')?.mode).toBe('100755')
  })

  it('lists only below the paths asked for, by whole path parts', async () => {
    const below = await bench.repository.listFiles(bench.first, ['releases/', 'charts/pod'])
    expect(below.map((file) => file.path)).toEqual(['releases/dev/podinfo.yaml'])
    expect(await bench.repository.listFiles(bench.first, ['../releases'])).toEqual([])
  })

  it('reads text, and says what is binary', async () => {
    const files = await bench.repository.listFiles(bench.first, ['releases', 'charts/podinfo/logo.png'])
    const blobs = await bench.repository.readBlobs(files.map((file) => file.blob))
    const byPath = Object.fromEntries(files.map((file) => [file.path, blobs.get(file.blob)]))
    expect(byPath).toEqual({
      'releases/dev/podinfo.yaml': { kind: 'text', text: 'tag: dev-1\n' },
      'charts/podinfo/logo.png': { kind: 'binary' },
    })
  })

  it('refuses a blob id that is none', async () => {
    await expect(bench.repository.readBlobs(['--help'])).rejects.toMatchObject({ code: 'invalid' })
    await expect(bench.repository.readBlobs(['0'.repeat(40)])).rejects.toMatchObject({ code: 'not-found' })
  })

  it('exports a directory as plain files, symlinks inside followed', async () => {
    const target = join(await mkdtemp(join(bench.under.origin.directory, 'export-')), 'chart')
    await bench.repository.exportDirectory(bench.first, 'charts/umbrella', target)
    const files = await readdir(target, { recursive: true })
    expect(files.sort()).toEqual([
      'Chart.yaml',
      'charts',
      'charts/podinfo',
      'charts/podinfo/Chart.yaml',
      'charts/podinfo/logo.png',
      'charts/podinfo/run.sh',
      'charts/podinfo/shared.tpl',
    ])
    expect(await readFile(join(target, 'charts/podinfo/shared.tpl'), 'utf8')).toContain('define')
    expect((await stat(join(target, 'charts/podinfo/run.sh'))).mode & 0o111).not.toBe(0)
    expect([...(await readFile(join(target, 'charts/podinfo/logo.png')))]).toEqual([0x89, 0x50, 0, 0xff])
  })

  it.each([
    ['a path above the root', '../outside', 'invalid', 'leaves'],
    ['an absolute path', '/etc', 'invalid', 'leaves'],
    ['a symlink out of the repository', 'charts/evil', 'invalid', 'charts/evil/passwd leaves'],
    ['an absolute symlink', 'charts/evil-absolute', 'invalid', 'charts/evil-absolute/passwd leaves'],
    ['a directory that is itself such a symlink', 'charts/outside', 'invalid', 'charts/outside leaves'],
    ['a symlink that leaves the repository and comes back', 'charts/round-about', 'invalid', 'leaves'],
    ['a symlink from above the root, as if there were none', 'charts/beyond', 'invalid', 'leaves'],
    ['a directory that contains itself', 'charts/loop', 'invalid', 'contains itself'],
    ['a symlink to nothing', 'charts/dangling', 'invalid', 'points to nothing'],
    ['a directory that is not there', 'charts/none', 'not-found', 'no directory'],
  ])('does not export %s, and writes nothing', async (_label, path, code, says) => {
    const target = join(await mkdtemp(join(bench.under.origin.directory, 'export-')), 'chart')
    const message = expect.stringContaining(says) as string
    await expect(bench.repository.exportDirectory(bench.first, path, target)).rejects.toMatchObject({ code, message })
    await expect(readdir(target)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says not-found for a commit it does not have, and invalid for what is none', async () => {
    await expect(bench.repository.listFiles('f'.repeat(40))).rejects.toMatchObject({ code: 'not-found' })
    await expect(bench.repository.commitInfo('HEAD')).rejects.toMatchObject({ code: 'invalid' })
  })
}

function writingContract(start: () => Promise<RepositoryUnderTest>): void {
  let bench: Bench
  beforeEach(async () => {
    bench = await setUp(start)
  })
  afterEach(() => tearDown(bench))

  it('commits on the head: bytes exact, mode kept, author and trailers in place', async () => {
    const parent = (await bench.repository.head())?.commit ?? ''
    const message = 'Auto-release podinfo:dev-2\n\nWheelhouse-Op: op-42\nWheelhouse-Actor: automation'
    const result = await bench.repository.commit({
      parent,
      files: [
        { path: 'releases/dev/podinfo.yaml', text: 'tag: dev-2\r\n' },
        { path: 'charts/podinfo/run.sh', text: '#!/bin/sh\ntrue\n' },
        { path: 'releases/new "one"/ä.yaml', text: '' },
      ],
      message,
      author,
    })
    if (result.kind !== 'committed') throw new Error(result.kind)
    expect(await bench.under.origin.head()).toBe(result.commit)
    expect(await bench.repository.head()).toEqual({ commit: result.commit, forced: false })
    expect((await bench.repository.changedPaths(parent, result.commit)).sort()).toEqual([
      'charts/podinfo/run.sh',
      'releases/dev/podinfo.yaml',
      'releases/new "one"/ä.yaml',
    ])
    const script = await bench.repository.listFiles(result.commit, ['charts/podinfo/run.sh'])
    expect(script[0]?.mode).toBe('100755')
    const [file] = await bench.repository.listFiles(result.commit, ['releases/dev'])
    const blobs = await bench.repository.readBlobs([file?.blob ?? ''])
    expect(blobs.get(file?.blob ?? '')).toEqual({ kind: 'text', text: 'tag: dev-2\r\n' })
    expect(await bench.repository.commitInfo(result.commit)).toMatchObject({
      parents: [parent],
      authorName: author.name,
      authorEmail: author.email,
      subject: 'Auto-release podinfo:dev-2',
      trailers: [
        { key: 'Wheelhouse-Op', value: 'op-42' },
        { key: 'Wheelhouse-Actor', value: 'automation' },
      ],
    })
  })

  it('finds an operation again, also from another mirror', async () => {
    const message = 'Squashed\n\nWheelhouse-Op: op-42\n\nAnd more.'
    const files = [{ path: 'a.yaml', text: 'a: 1\n' }]
    await bench.repository.commit({ parent: bench.first, files, message, author })
    const head = (await bench.repository.head())?.commit
    expect(head).not.toBe(bench.first)
    expect(await bench.repository.findOperations(['op-42', 'op-4'], 10)).toEqual(new Map([['op-42', head]]))
    const other = bench.under.open()
    await other.fetch()
    expect(await other.findOperations(['op-42'], 10)).toEqual(new Map([['op-42', head]]))
    await other.close()
  })

  it('loses a race without leaving anything behind', async () => {
    const parent = (await bench.repository.head())?.commit ?? ''
    await bench.under.origin.pull()
    const theirs = await bench.under.origin.push({ 'README.md': { text: 'theirs\n' } })
    const request = { parent, files: [{ path: 'README.md', text: 'ours\n' }], message: 'Ours', author }
    expect(await bench.repository.commit(request)).toEqual({ kind: 'moved' })
    expect(await bench.under.origin.head()).toBe(theirs)
    expect((await bench.repository.head())?.commit).toBe(parent)
    expect(await bench.repository.fetch()).toEqual({ commit: theirs, forced: false })
    expect(await bench.repository.commit({ ...request, parent: theirs })).toMatchObject({ kind: 'committed' })
  })

  it('lets exactly one of several writers win each round', async () => {
    const writers = [bench.under.open(), bench.under.open(), bench.under.open()]
    await Promise.all(writers.map((writer) => writer.fetch()))
    const parent = (await writers[0]?.head())?.commit ?? ''
    const results = await Promise.all(
      writers.map((writer, index) =>
        writer.commit({
          parent,
          files: [{ path: `race/${index}.yaml`, text: '' }],
          message: `Race ${index}`,
          author,
        }),
      ),
    )
    expect(results.map((result) => result.kind).sort()).toEqual(['committed', 'moved', 'moved'])
    await Promise.all(writers.map((writer) => writer.close()))
    await bench.repository.fetch()
  })

  it('lets nobody else talk to the remote during a turn, and its own fetch and commit through', async () => {
    await bench.under.origin.pull()
    const theirs = await bench.under.origin.push({ 'TURN.md': { text: 'theirs\n' } })
    const order: string[] = []
    let other: Promise<unknown> = Promise.resolve()
    const result = await bench.repository.inTurn(async (own) => {
      other = bench.repository.fetch().then(() => order.push('other'))
      const parent = (await own.fetch())?.commit ?? ''
      expect(parent).toBe(theirs)
      const made = await own.commit({ parent, files: [{ path: 'TURN.md', text: 'ours\n' }], message: 'Ours', author })
      order.push('own')
      return made
    })
    await other
    expect(result).toEqual({ kind: 'committed', commit: await bench.under.origin.head() })
    expect(order).toEqual(['own', 'other'])
  })

  it.each([
    ['leaves the repository', '../x.yaml'],
    ['is absolute', '/x.yaml'],
    ['is inside .git', '.GIT/config'],
    ['goes through a symlink', 'charts/alias/Chart.yaml'],
    ['is a symlink', 'charts/podinfo/shared.tpl'],
    ['is a directory', 'charts/podinfo'],
  ])('refuses to commit a path that %s', async (_label, path) => {
    const parent = (await bench.repository.head())?.commit ?? ''
    const request = { parent, files: [{ path, text: 'x' }], message: 'No', author }
    await expect(bench.repository.commit(request)).rejects.toMatchObject({ code: 'invalid' })
    expect((await bench.repository.fetch())?.commit).toBe(parent)
  })

  it('keeps a file at a ref outside the branches, each commit on top of the one before', async () => {
    const ref = 'refs/wheelhouse/test'
    const request = { ref, name: 'state.json', message: 'State', after: undefined }
    expect(await bench.repository.readAnchor(ref, 'state.json')).toBeUndefined()
    const first = await bench.repository.pushAnchor({ ...request, text: '1\n' })
    if (first.kind !== 'committed') throw new Error(first.kind)
    expect(await bench.repository.readAnchor(ref, 'state.json')).toEqual({ commit: first.commit, text: '1\n' })
    expect(await bench.repository.pushAnchor({ ...request, text: '2\n' })).toEqual({ kind: 'moved' })
    const second = await bench.repository.pushAnchor({ ...request, text: '2\n', after: first.commit })
    if (second.kind !== 'committed') throw new Error(second.kind)
    const other = bench.under.open()
    expect(await other.readAnchor(ref, 'state.json')).toEqual({ commit: second.commit, text: '2\n' })
    expect(await other.readAnchor(ref, 'nothing.json')).toEqual({ commit: second.commit, text: '' })
    await other.close()
    expect(await bench.under.origin.head()).toBe(bench.first)
  })

  it('puts a commit on a branch of its own, and never over what somebody put there', async () => {
    const { repository, first: parent } = bench
    const branch = 'wheelhouse/environment/dev'
    const commit = (text: string) => ({ parent, files: [{ path: 'a.yaml', text }], message: 'Propose', author })
    expect(await repository.readBranch(branch)).toBeUndefined()
    const made = await repository.propose({ ...commit('a: 2\n'), branch, after: undefined })
    if (made.kind !== 'committed') throw new Error(made.kind)
    expect(await repository.readBranch(branch)).toBe(made.commit)
    expect((await repository.commitInfo(made.commit)).parents).toEqual([parent])
    // Somebody who does not know where it stands.
    expect(await repository.propose({ ...commit('a: 3\n'), branch, after: undefined })).toEqual({ kind: 'moved' })
    expect(await repository.propose({ ...commit('a: 3\n'), branch, after: parent })).toEqual({ kind: 'moved' })
    const anew = await repository.propose({ ...commit('a: 3\n'), branch, after: made.commit })
    if (anew.kind !== 'committed') throw new Error(anew.kind)
    await repository.removeBranch(branch, made.commit)
    expect(await repository.readBranch(branch)).toBe(anew.commit)
    await repository.removeBranch(branch, anew.commit)
    expect(await repository.readBranch(branch)).toBeUndefined()
    expect(await bench.under.origin.head()).toBe(parent)
    expect((await repository.fetch())?.commit).toBe(parent)
  })

  it('tries what it may do, and leaves nothing of that', async () => {
    const refs = () => bench.under.origin.git(['ls-remote', bench.under.origin.bare])
    const before = await refs()
    expect(await bench.repository.tryAccess({ write: false })).toEqual({ kind: 'write' })
    expect(await refs()).toBe(before)
    expect(await bench.repository.tryAccess({ write: true })).toEqual({ kind: 'write' })
    expect(await refs()).toBe(before)
  })

  it('says protected, with the reason, where the branch takes pull requests alone', async () => {
    await bench.under.protect()
    const parent = (await bench.repository.head())?.commit ?? ''
    const result = await bench.repository.commit({
      parent,
      files: [{ path: 'a.yaml', text: 'a: 2\n' }],
      message: 'No',
      author,
    })
    expect(result).toMatchObject({ kind: 'protected', reason: expect.stringContaining('pull request') })
    expect((await bench.repository.head())?.commit).toBe(parent)
    expect(await bench.under.origin.head()).toBe(parent)
  })
}

function movingContract(start: () => Promise<RepositoryUnderTest>): void {
  let bench: Bench
  beforeEach(async () => {
    bench = await setUp(start)
  })
  afterEach(() => tearDown(bench))

  it('has no head while the repository is empty', async () => {
    const empty = await start()
    const repository = empty.open()
    expect(await repository.fetch()).toBeUndefined()
    expect(await repository.head()).toBeUndefined()
    expect(await repository.resolve('main')).toBeUndefined()
    expect(await repository.findOperations(['op-1'], 10)).toEqual(new Map())
    await repository.close()
    await empty.stop()
  })

  it('keeps the head it knew when the branch is gone', async () => {
    await bench.under.origin.git(['-C', bench.under.origin.bare, 'update-ref', '-d', 'refs/heads/main'])
    expect(await bench.repository.fetch()).toBeUndefined()
    expect(await bench.repository.head()).toEqual({ commit: bench.first, forced: false })
  })

  it('gives directories an id that changes with their content only', async () => {
    const chart = await bench.repository.treeId(bench.first, 'charts/podinfo')
    expect(chart).toMatch(/^[0-9a-f]{40}$/)
    expect(await bench.repository.treeId(bench.first, 'charts/alias')).toBe(chart)
    expect(await bench.repository.treeId(bench.first, 'charts/nothing')).toBeUndefined()
    expect(await bench.repository.treeId(bench.first, 'charts/podinfo/Chart.yaml')).toBeUndefined()
    expect(await bench.repository.treeId(bench.first, '../podinfo')).toBeUndefined()
    const second = await bench.under.origin.push({ 'README.md': { text: 'hello\n' } })
    await bench.repository.fetch()
    expect(await bench.repository.treeId(second, 'charts/podinfo')).toBe(chart)
    expect(await bench.repository.changedPaths(bench.first, second)).toEqual(['README.md'])
  })

  it('shows the history between two commits, newest first', async () => {
    await bench.under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    await bench.under.origin.push({ 'a.yaml': { text: 'a: 2\n' } })
    await bench.repository.fetch()
    const head = (await bench.repository.head())?.commit ?? ''
    const log = await bench.repository.log(bench.first, head, 50)
    expect(log[0]?.id).toBe(head)
    expect(log.at(-1)?.parents).toEqual([bench.first])
    expect(await bench.repository.log(undefined, head, 2)).toHaveLength(2)
    expect(await bench.repository.isAncestor(bench.first, head)).toBe(true)
    expect(await bench.repository.isAncestor(head, bench.first)).toBe(false)
    expect(await bench.repository.isAncestor('0'.repeat(40), head)).toBe(false)
  })

  it('resolves tags, other branches and commits, and follows them from then on', async () => {
    const head = await bench.under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    await bench.under.origin.git(['tag', '-a', 'v1', '-m', 'one', bench.first])
    await bench.under.origin.git(['push', '--quiet', 'origin', 'v1', `${bench.first}:refs/heads/feature/x`])
    expect(await bench.repository.resolve('v1')).toBe(bench.first)
    expect(await bench.repository.resolve('feature/x')).toBe(bench.first)
    expect(await bench.repository.resolve(bench.first)).toBe(bench.first)
    expect(await bench.repository.resolve(bench.first.slice(0, 10))).toBe(bench.first)
    expect(await bench.repository.resolve('no-such-ref')).toBeUndefined()
    expect(await bench.repository.resolve('--upload-pack=touch')).toBeUndefined()
    expect(await bench.repository.resolve('0'.repeat(40))).toBeUndefined()
    await bench.under.origin.git(['push', '--quiet', '--force', 'origin', `${head}:refs/heads/feature/x`])
    await bench.repository.fetch()
    expect(await bench.repository.resolve('feature/x')).toBe(head)
    await bench.under.origin.git(['push', '--quiet', 'origin', ':refs/heads/feature/x'])
    expect(await bench.repository.fetch()).toEqual({ commit: head, forced: false })
    expect(await bench.repository.resolve('feature/x')).toBeUndefined()
  })

  it('notices a force push and keeps the commits it knew', async () => {
    const before = await bench.under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    await bench.repository.fetch()
    const after = await bench.under.origin.forcePush(1, { 'README.md': { text: 'rewritten\n' } })
    expect(await bench.repository.fetch()).toEqual({ commit: after, forced: true })
    expect(await bench.repository.fetch()).toEqual({ commit: after, forced: false })
    expect(await bench.repository.isAncestor(before, after)).toBe(false)
    expect((await bench.repository.commitInfo(before)).id).toBe(before)
  })

  it('shows an empty tree as a commit without files', async () => {
    await bench.under.origin.git(['rm', '-r', '--quiet', '.'])
    const empty = await bench.under.origin.push({})
    expect(await bench.repository.fetch()).toEqual({ commit: empty, forced: false })
    expect(await bench.repository.listFiles(empty)).toEqual([])
  })

  it('says how large a file of more than 5 MiB is, without its text', async () => {
    const bytes = 10_000_000
    const head = await bench.under.origin.push({ 'releases/big.yaml': { text: 'x'.repeat(bytes) } })
    await bench.repository.fetch()
    const [file] = await bench.repository.listFiles(head, ['releases/big.yaml'])
    const blobs = await bench.repository.readBlobs([file?.blob ?? ''])
    expect([...blobs.values()]).toEqual([{ kind: 'too-large', bytes }])
  })

  it('lets concurrent fetches share their turns', async () => {
    const pushed = await bench.under.origin.push({ 'a.yaml': { text: 'a: 1\n' } })
    const heads = await Promise.all(Array.from({ length: 20 }, () => bench.repository.fetch()))
    expect(new Set(heads.map((head) => head?.commit))).toEqual(new Set([pushed]))
  })
}
