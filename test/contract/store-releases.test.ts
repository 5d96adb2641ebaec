import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ReleaseRecord, RevisionRecord, Store } from '#lib/ports/store/index.ts'
import { administer, openTestStore, startTestDatabase } from '#test/fixtures/test-database.ts'
import type { TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
let url: string
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  url = await database.fresh()
  ;({ store } = await openTestStore(url))
  return () => store.close()
})
afterAll(() => database.stop())

const revision = (number: number, more: Partial<RevisionRecord> = {}): RevisionRecord => ({
  release: 'r1',
  revision: number,
  status: 'deployed',
  updatedAt: 1_000 + number,
  chartName: 'podinfo',
  chartVersion: '0.2.0',
  appVersion: '1.0',
  description: 'Upgrade complete',
  images: [{ container: 'chart-image', image: `app:${number}` }],
  ...more,
})

async function topics(): Promise<string[]> {
  await store.sequenceOutbox()
  return (await store.readOutbox(0, 1000)).map((event) => `${event.topic} ${event.id} ${event.version}`)
}

describe('saveRelease', () => {
  const full: Omit<ReleaseRecord, 'id' | 'version'> = {
    cluster: 'main',
    namespace: 'dev',
    name: 'podinfo-dev',
    releaseName: 'podinfo-dev',
    storageNamespace: 'dev',
    targetNamespace: 'dev',
    application: 'podinfo',
    environment: 'dev',
    path: 'releases/dev/podinfo.yaml',
    line: 1,
    generation: 'helm.fluxcd.io/v1',
    mode: 'act',
    desired: true,
    automated: true,
    lock: { user: 'ann', message: 'wait' },
    chart: { source: 'git charts/podinfo', name: 'podinfo', version: '0.2.0' },
    images: [{ container: 'chart-image', image: 'app:1', repository: 'index.docker.io/library/app', automated: true }],
    phase: 'deployed',
    reason: 'Deployed.',
    phaseSince: 1_700_000_000_123,
    health: 'healthy',
    healthReason: 'All ready.',
    healthSince: 1_700_000_000_456,
    revision: 3,
    deployedAt: 1_700_000_000_789,
    problems: [{ code: 'x', severity: 'warning', message: 'm' }],
    baseline: { revision: 3, inputs: 'abc' },
    asked: 'retry',
    operation: 'op-1',
  }

  it('gives back what was saved, every part of it', async () => {
    await store.saveRelease('r1', full)
    expect(await store.getRelease('r1')).toEqual({ ...full, id: 'r1', version: 1 })
  })

  it('changes only the parts given and counts the version up', async () => {
    await store.saveRelease('r1', full)
    const saved = await store.saveRelease('r1', { phase: 'failed', reason: 'No.' })
    expect(saved).toEqual({ ...full, id: 'r1', phase: 'failed', reason: 'No.', version: 2 })
    expect(await store.getRelease('r1')).toEqual(saved)
  })

  it('clears an optional part given as undefined', async () => {
    await store.saveRelease('r1', full)
    const saved = await store.saveRelease('r1', { lock: undefined, asked: undefined, baseline: undefined })
    expect(saved).toMatchObject({ lock: undefined, asked: undefined, baseline: undefined, operation: 'op-1' })
  })

  it('adds many at once, tells of each, and leaves alone and out those that are there', async () => {
    await store.saveRelease('r1', full)
    const before = (await topics()).length
    const named = (name: string) => ({ ...full, name })
    const added = await store.addReleases(
      new Map([
        ['r1', named('other')],
        ['r2', named('b')],
        ['r3', named('c')],
      ]),
    )
    expect(added.map(({ id }) => id).sort()).toEqual(['r2', 'r3'])
    expect(await store.getRelease('r1')).toMatchObject({ name: full.name, version: 1 })
    expect(await store.getRelease('r3')).toEqual({ ...named('c'), id: 'r3', version: 1 })
    const told = (await topics()).slice(before)
    expect(told.slice(0, 2).sort()).toEqual(['release r2 1', 'release r3 1'])
    expect(told[2]).toMatch(/^releases {2}\d+$/)
    expect((await store.listReleases()).items.map(({ id }) => id)).toEqual(['r2', 'r3', 'r1'])
  })

  it('writes nothing when nothing differs', async () => {
    await store.saveRelease('r1', full)
    const before = await administer(url, 'SELECT xmin::text, ctid::text FROM release')
    const events = await topics()
    expect(
      await store.saveRelease('r1', {
        ...full,
        chart: { version: '0.2.0', name: 'podinfo', source: 'git charts/podinfo' },
      }),
    ).toMatchObject({ version: 1 })
    expect(await administer(url, 'SELECT xmin::text, ctid::text FROM release')).toEqual(before)
    expect(await topics()).toEqual(events)
  })

  it('announces the release with its version, and the list when it is new', async () => {
    await store.saveRelease('r1', full)
    await store.saveRelease('r1', { line: 2 })
    expect(await topics()).toEqual(['release r1 1', `releases  ${Date.parse('2026-03-01T12:00:00Z')}`, 'release r1 2'])
  })

  it('loses no part when loops save different parts at once', async () => {
    await Promise.all([
      store.saveRelease('r1', { name: 'podinfo' }),
      store.saveRelease('r1', { health: 'failing' }),
      store.saveRelease('r1', { phase: 'upgrading' }),
      store.saveRelease('r1', { line: 7 }),
    ])
    expect(await store.getRelease('r1')).toMatchObject({
      name: 'podinfo',
      health: 'failing',
      phase: 'upgrading',
      line: 7,
      version: 4,
    })
  })

  it('stores text that jsonb refuses', async () => {
    const problems = [{ code: 'x', severity: 'error' as const, message: 'a\u0000b\ud800c' }]
    const saved = await store.saveRelease('r1', { problems })
    expect(saved.problems[0]?.message).toBe('a\uFFFDb\uFFFDc')
  })
})

describe('listReleases', () => {
  beforeEach(async () => {
    for (const [index, environment] of ['prod', 'dev', 'dev', 'stg', 'dev'].entries()) {
      await store.saveRelease(`r${index}`, {
        name: `app-${4 - index}`,
        namespace: 'n',
        cluster: index === 4 ? 'other' : 'main',
        application: `app-${index % 2}`,
        environment,
      })
    }
  })

  it('pages by name, without gaps or repeats', async () => {
    const names: string[] = []
    let after: string | undefined
    do {
      const page = await store.listReleases({ limit: 2, after })
      names.push(...page.items.map((release) => release.name))
      after = page.next
    } while (after)
    expect(names).toEqual(['app-0', 'app-1', 'app-2', 'app-3', 'app-4'])
  })

  it.each([
    ['environment', { environment: 'dev' }, ['r4', 'r2', 'r1']],
    ['application', { application: 'app-1' }, ['r3', 'r1']],
    ['cluster', { cluster: 'main' }, ['r3', 'r2', 'r1', 'r0']],
    ['all of them', { cluster: 'main', environment: 'dev', application: 'app-0' }, ['r2']],
  ])('filters by %s', async (_label, filter, ids) => {
    expect((await store.listReleases(filter)).items.map((release) => release.id)).toEqual(ids)
  })

  it('starts from the beginning with a cursor nobody gave out', async () => {
    expect((await store.listReleases({ after: '%%%', limit: 1 })).items[0]?.name).toBe('app-0')
  })

  it('moves a release that is renamed', async () => {
    await store.saveRelease('r0', { name: 'aaa' })
    expect((await store.listReleases({ limit: 1 })).items[0]?.id).toBe('r0')
  })

  it('allReleases gives those of one cluster', async () => {
    const ids = (await store.allReleases('main')).map((release) => release.id)
    expect(ids.sort()).toEqual(['r0', 'r1', 'r2', 'r3'])
  })

  it('removeRelease forgets it with its revisions and decisions', async () => {
    await store.saveRevision(revision(1), { values: {}, manifest: 'x' })
    await store.removeRelease('r1')
    expect(await store.getRelease('r1')).toBeUndefined()
    expect((await store.listRevisions('r1')).items).toEqual([])
    expect(await store.revisionContent('r1', 1)).toBeUndefined()
  })
})

describe('revisions', () => {
  it('are listed newest first, by page', async () => {
    for (const number of [1, 2, 3]) await store.saveRevision(revision(number))
    const first = await store.listRevisions('r1', { limit: 2 })
    expect(first.items).toEqual([revision(3), revision(2)])
    const second = await store.listRevisions('r1', { limit: 2, before: Number(first.next) })
    expect(second).toEqual({ items: [revision(1)] })
  })

  it('keep the cause when the watch saves the same revision without one', async () => {
    await store.saveRevision(revision(1, { cause: 'image a → b', actor: 'ann', commit: 'c1' }))
    await store.saveRevision(revision(1, { status: 'superseded' }))
    expect((await store.listRevisions('r1')).items).toEqual([
      revision(1, { status: 'superseded', cause: 'image a → b', actor: 'ann', commit: 'c1' }),
    ])
  })

  it('change status in one go', async () => {
    await store.saveRevision(revision(1))
    await store.saveRevision(revision(2))
    await store.setRevisionStatuses('r1', [
      { revision: 1, status: 'superseded' },
      { revision: 2, status: 'failed' },
      { revision: 9, status: 'failed' },
    ])
    expect((await store.listRevisions('r1')).items.map((item) => item.status)).toEqual(['failed', 'superseded'])
  })

  it('announce the release only when they changed', async () => {
    await store.saveRelease('r1', { name: 'podinfo' })
    await store.saveRevision(revision(1))
    await store.setRevisionStatuses('r1', [{ revision: 1, status: 'failed' }])
    const events = await topics()
    expect(events.slice(2)).toEqual(['release r1 2', 'release r1 3'])
    await store.saveRevision(revision(1, { status: 'failed' }))
    await store.setRevisionStatuses('r1', [{ revision: 1, status: 'failed' }])
    expect(await topics()).toEqual(events)
  })

  it('keep the content of the newest 50, compressed', async () => {
    const manifest = 'kind: Deployment\n'.repeat(1000)
    for (let number = 1; number <= 52; number += 1) {
      await store.saveRevision(revision(number), { values: { number }, manifest })
    }
    expect(await store.revisionContent('r1', 52)).toEqual({ values: { number: 52 }, manifest })
    expect(await store.revisionContent('r1', 3)).toEqual({ values: { number: 3 }, manifest })
    expect(await store.revisionContent('r1', 2)).toBeUndefined()
    const [size] = await administer(url, 'SELECT max(length(content)) AS bytes FROM revision_content')
    expect(Number(size?.['bytes'])).toBeLessThan(1000)
  })
})
