import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WhyNotGate } from '#lib/core/explain/index.ts'
import { promotionRefused, waitsAsPromotion } from '#lib/core/promotion/index.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { explainTag, type WhyNotDeps } from '#lib/operations/read/why-not.ts'
import type { ReleaseImage, ReleasePatch, Store, TagRecord } from '#lib/ports/store/index.ts'
import { openTestStore, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'

let database: TestDatabase
let store: Store
let deps: WhyNotDeps
beforeAll(async () => {
  database = await startTestDatabase()
  const opened = await openTestStore(database.url)
  store = opened.store
  deps = { store, clock: opened.clock, shown: { repository, branch } }
})
afterAll(async () => {
  await store.close()
  await database.stop()
})

const now = Date.parse('2026-03-01T12:00:00Z')
const [minute, tag, container] = [60_000, 'stg-b', 'chart-image']
const [repository, branch] = ['https://git.example.com/config', 'main']
const viewer: Caller = { id: 'v', email: 'v@example.com', name: 'v', roles: { '*': 'viewer' }, via: 'session' }

/** What stands in the store for one case, before it is written there. */
interface Scene {
  /** Each case has a release and a repository of its own. */
  name: string
  image: Partial<ReleaseImage>
  release: ReleasePatch
  tag: Partial<TagRecord>
  /** Tags besides those of the base. */
  more: { name: string; created: number }[]
  /** `wheelhouse.yaml`, besides its environments. */
  config: Record<string, unknown>
  gates: Record<string, unknown>
  mode: 'act' | 'observe'
  git: { state: string; reason?: string }
  /** Helm revision of stg that runs the tag. */
  revision?: number
  /** Git says the tag: its operation has a commit. */
  written: boolean
}

let count = 0
beforeEach(() => void (count += 1))
const app = () => `app-${count}`
const images = () => `ghcr.io/acme/${app()}`

const decided = (): Scene => ({
  name: app(),
  image: {},
  release: {},
  tag: {},
  more: [],
  config: {},
  gates: {},
  mode: 'act',
  git: { state: 'ready' },
  written: false,
})
const inGit = (): Scene => ({ ...decided(), image: { tag, image: `${images()}:${tag}` }, written: true })

async function play(scene: Scene) {
  const { name } = scene
  const shared = {
    cluster: 'c',
    application: name,
    desired: true,
    problems: [],
    phaseSince: now,
    chart: { source: 's' },
  }
  const image = { container, image: `${images()}:stg-a`, repository: images(), tag: 'stg-a', policy: 'glob:stg-*' }
  await store.watchRepositories([{ name: images(), usedBy: [name] }])
  await store.saveTags([
    { repository: images(), name: 'stg-a', created: now - 9 * minute, firstSeenAt: now },
    { repository: images(), name: tag, created: now - minute, digest: 'sha256:b', firstSeenAt: now, ...scene.tag },
    ...scene.more.map((other) => ({ repository: images(), firstSeenAt: now, ...other })),
  ])
  await store.saveRelease(`${name}-dev`, {
    ...shared,
    name: `${name}-dev`,
    namespace: 'dev',
    environment: 'dev',
    images: [{ ...image, tag, image: `${images()}:${tag}`, automated: true }],
    health: 'failing',
    healthReason: 'Pod a crashes',
    healthSince: now - minute,
  })
  await store.saveRelease(name, {
    ...shared,
    name,
    namespace: 'stg',
    environment: 'stg',
    automated: scene.release.automated ?? true,
    images: [{ ...image, automated: scene.release.automated ?? true, ...scene.image }],
    mode: 'act',
    phase: 'deployed',
    reason: 'Revision 3 is what Git says.',
    health: 'healthy',
    healthReason: '2 of 2 ready',
    healthSince: now,
    revision: 3,
    ...scene.release,
  })
  await revision(`${name}-dev`, 1, tag)
  await revision(name, 3, 'stg-a')
  if (scene.revision !== undefined) await revision(name, scene.revision, tag)
  if (scene.written) await committed(name)
  const environments = ['dev', { name: 'stg', gates: scene.gates }]
  const text = JSON.stringify({ environments, ...scene.config })
  await store.setFact('repository-config', { repository, branch, text })
  await store.setFact('repository', scene.git)
  await store.setEnvironmentMode('stg', scene.mode)
}

async function revision(release: string, number: number, its: string) {
  await store.setRevisionStatuses(release, [{ revision: number - 1, status: 'superseded' }])
  await store.saveRevision({
    release,
    revision: number,
    status: 'deployed',
    updatedAt: now,
    chartName: 'app',
    chartVersion: '1',
    appVersion: '1',
    description: '',
    images: [{ container, image: `${images()}:${its}` }],
  })
}

async function committed(name: string) {
  const operation = `op-${name}`
  await store.createOperation({
    id: operation,
    kind: 'image',
    release: name,
    actor: 'automation',
    cause: { kind: 'tag', repository: images(), tag },
    reason: 'It is newer.',
    state: 'committed',
    commit: 'abcdef0123',
    createdAt: now,
  })
  await store.saveDecision({
    release: name,
    container,
    at: now,
    policy: 'glob:stg-*',
    kind: 'move',
    tag,
    reason: 'It is newer.',
    operation,
  })
}

const problem = (code: string, message: string) => ({ code, severity: 'error' as const, message })
type Change = (scene: Scene) => Scene
const release =
  (more: ReleasePatch): Change =>
  (scene) => ({ ...scene, release: { ...scene.release, ...more } })
const image =
  (more: Partial<ReleaseImage>): Change =>
  (scene) => ({ ...scene, image: { ...scene.image, ...more } })
const gate =
  (more: Record<string, unknown>): Change =>
  (scene) => ({ ...scene, gates: { ...scene.gates, ...more } })
const stuck =
  (...problems: ReturnType<typeof problem>[]): Change =>
  (scene) => {
    const all = [...(scene.release.problems ?? []), ...problems]
    return release({ phase: 'waiting', reason: all[0]?.message ?? '', problems: all })(scene)
  }

/** Whatever stands against a tag, also once it is in Git. */
const always = {
  seen: (scene) => ({ ...scene, tag: { ...scene.tag, vanishedAt: now } }),
  'build-time': (scene) => ({ ...scene, tag: { ...scene.tag, created: null } }),
  filter: image({ policy: 'glob:rc-*' }),
  'not-refused': image({ refusedTags: [tag] }),
  'no-hold': release({ lock: { user: 'ann', message: 'audit' } }),
  'no-stop': (scene) => ({ ...scene, config: { ...scene.config, stop: 'fire' } }),
  acting: (scene) => ({ ...scene, mode: 'observe' }),
  freeze: gate({ freeze: [{ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z', reason: 'sale' }] }),
  approvals: gate({ approvals: 1 }),
  checks: gate({ checks: ['ci/e2e'] }),
  soak: gate({ soak: '1h' }),
  'source-health': gate({ health: true }),
} satisfies Partial<Record<WhyNotGate, Change>>

/** Before it is written. */
const early: Partial<Record<WhyNotGate, Change>> = {
  ...always,
  newest: (scene) => ({ ...scene, more: [{ name: 'stg-c', created: now }] }),
  automation: release({ automated: false }),
  commit: image({ problem: problem('edit-refused', 'An anchor.'), met: { by: 'edit', tag, blob: 'b' } }),
  fetched: (scene) => ({ ...scene, git: { state: 'unreachable', reason: 'timeout' } }),
}

/** Once Git says it. */
const late: Partial<Record<WhyNotGate, Change>> = {
  ...always,
  chart: stuck(problem('chart-unavailable', 'No chart.')),
  values: stuck(problem('values-source', 'No Secret.')),
  deployed: release({ phase: 'failed', reason: 'A hook failed.' }),
}

/** Once it is deployed: what asked before it came is not asked any more. */
const last: Partial<Record<WhyNotGate, Change>> = {
  ...Object.fromEntries(Object.entries(always).filter(([name]) => !isAsked(name))),
  healthy: release({ health: 'stuck', healthReason: 'Probe fails' }),
}
const running = (): Scene => release({ revision: 4 })({ ...inGit(), revision: 4 })

function isAsked(name: string): boolean {
  return ['freeze', 'approvals', 'checks', 'soak', 'source-health'].includes(name)
}

/** One record says one thing: a release that failed does not wait as well. */
const apart = new Set(['chart deployed', 'values deployed'])
/** What is not asked of a tag that is not comparable. */
const silences: Partial<Record<WhyNotGate, WhyNotGate[]>> = { newest: ['build-time', 'filter'] }

const explain = (query: { tag: string; container?: string } = { tag }, caller = viewer) =>
  explainTag(deps, caller, app(), query)

async function blocked(): Promise<string[]> {
  return (await explain()).steps.filter(({ verdict }) => verdict === 'blocked').map((step) => step.gate)
}

const stages: [label: string, base: () => Scene, blockers: Partial<Record<WhyNotGate, Change>>][] = [
  ['decided', decided, early],
  ['in Git', inGit, late],
  ['deployed', running, last],
]
describe.each(stages)('a tag that is %s', (_label, base, blockers) => {
  const entries = Object.entries(blockers) as [WhyNotGate, Change][]
  it('has nothing in its way', async () => {
    await play(base())
    expect(await blocked()).toEqual([])
  })
  it.each(entries)('names %s alone', async (name, change) => {
    await play(change(base()))
    expect(await blocked()).toEqual([name])
  })
  const pairs = entries.flatMap(([a, one], index) =>
    entries.slice(index + 1).map(([b, other]) => [a, b, one, other] as const),
  )
  it.each(pairs.filter(([a, b]) => !apart.has(`${a} ${b}`)))('names %s and %s', async (a, b, one, other) => {
    await play(other(one(base())))
    const expected = [a, b].filter((name) => !silences[name]?.some((silent) => silent === a || silent === b))
    expect((await blocked()).toSorted()).toEqual(expected.toSorted())
  })
})

describe('a tag', () => {
  it('runs and is healthy', async () => {
    await play(running())
    const { summary, steps } = await explain()
    expect(summary).toBe('stg-b runs in stg and is healthy.')
    expect(steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    expect(steps.find((step) => step.gate === 'commit')?.evidence).toBe('Written in abcdef0.')
  })

  it('is on its way while helm runs', async () => {
    await play(release({ phase: 'upgrading', reason: 'Upgrading.' })(inGit()))
    expect((await explain()).summary).toBe('stg-b is on its way to stg: helm is running.')
  })

  it.each<[label: string, patch: ReleasePatch]>([
    ['waits', { phase: 'waiting', reason: `${waitsAsPromotion} 1 of 1 approval is missing.` }],
    ['is refused', { phase: 'blocked', reason: 'Rejected.', problems: [problem(promotionRefused, 'Rejected.')] }],
  ])('that Git has and that %s at the gates is told of there alone', async (_label, patch) => {
    await play(release(patch)(gate({ approvals: 1 })(inGit())))
    expect(await blocked()).toEqual(['approvals'])
  })

  it('waits in the queue, or before a branch that takes no push', async () => {
    await play(decided())
    const write = {
      id: app(),
      operation: `op-${app()}`,
      target: { id: `stg:helmrelease/${app()}`, path: 'a.yaml' },
      changes: [{ kind: 'image' as const, container, tag }],
      kind: 'auto-release' as const,
      cause: '',
      actor: { name: 'Wheelhouse', email: 'w@example.com' },
      expects: {},
      createdAt: now,
    }
    const cause = { kind: 'tag' as const, repository: images(), tag }
    const operation = { id: write.operation, kind: 'image' as const, release: app(), actor: 'automation', cause }
    await store.enqueueWrite(write, { ...operation, reason: '', state: 'decided', createdAt: now }, [])
    expect((await explain()).summary).toContain('It is in the queue')
    const alert = { key: 'push', kind: 'push-refused', severity: 'critical' as const, nextStep: '' }
    await store.openAlert({ ...alert, title: 'main takes no push', detail: 'It is protected.' }, now)
    expect(await blocked()).toEqual(['commit'])
    expect((await explain()).summary).toContain('It is protected')
    await store.recoverAlert('push', now)
  })

  it('that nobody pushed is told of, with the next scan', async () => {
    await play(decided())
    await store.saveImageRepository({ name: images(), scannedAt: now, nextScanAt: now + minute, tagCount: 2 })
    const [seen] = (await explain({ tag: 'stg-x' })).steps
    expect(seen).toMatchObject({ verdict: 'blocked', nextEvaluation: now + minute })
    const away = problem('registry-unreachable', 'No answer')
    await store.saveImageRepository({ name: images(), nextScanAt: now + minute, tagCount: 2, problem: away })
    expect((await explain({ tag: 'stg-x' })).steps[0]).toMatchObject({
      verdict: 'blocked',
      evidence: 'The registry cannot be read: No answer.',
    })
  })

  it('of a promotion is asked for the gates with what people said', async () => {
    await play(gate({ approvals: 1 })(decided()))
    const person = { id: 'bob', email: 'bob@example.com', name: 'Bob', createdAt: now }
    await store.savePerson({ ...person, roles: { stg: 'approver' } })
    const promotion = {
      id: `pr-${app()}`,
      release: app(),
      application: app(),
      environment: 'stg',
      source: 'dev',
      way: 'commit' as const,
      state: 'waiting' as const,
      reason: 'Waits.',
      planDigest: 'd1',
      facts: {
        cause: { kind: 'tag' as const, repository: images(), tag },
        authors: [],
        images: [{ container, repository: images(), tag, digest: 'sha256:b' }],
        changes: [],
        expects: {},
        path: 'a.yaml',
      },
      steps: [],
      createdAt: now,
    }
    await store.savePromotion(promotion)
    expect(await blocked()).toEqual(['approvals'])
    const approval = { promotion: promotion.id, person: 'bob', email: person.email, name: 'Bob', at: now }
    await store.saveApproval({ ...approval, decision: 'approve', planDigest: 'd1' })
    expect(await blocked()).toEqual([])
    expect((await explain()).summary).toContain(`Promotion ${promotion.id}: Waits.`)
    await store.saveApproval({ ...approval, decision: 'reject', planDigest: 'd1' })
    expect(await blocked()).toEqual(['approvals'])
    const passed = { gate: 'approvals' as const, verdict: 'passed' as const, evidence: 'Bob approved it.' }
    const steps = [{ state: 'approved' as const, at: now, reason: '', gates: [passed] }]
    await store.savePromotion({ ...promotion, state: 'deploying', steps })
    expect((await explain()).steps.find((step) => step.gate === 'approvals')?.evidence).toBe('Bob approved it.')
  })

  it('counts as stopped where wheelhouse.yaml never could be read', async () => {
    await play(decided())
    await store.setFact('repository-config', null)
    expect(await blocked()).toEqual([])
    await store.saveSnapshot({
      repository,
      commit: 'c1',
      authorName: '',
      subject: '',
      committedAt: now,
      fetchedAt: now,
      documents: 0,
      releases: 0,
      problems: [{ ...problem('file-not-text', 'No text.'), path: 'wheelhouse.yaml' }],
      unsupported: [],
    })
    expect(await blocked()).toEqual(['no-stop'])
  })
})

describe('a question that cannot be answered', () => {
  type Row = [label: string, query: { tag: string; container?: string }, code: string, says: string]
  it.each<Row>([
    ['an unknown container', { tag, container: 'sidecar' }, 'not-found', 'has no container sidecar'],
    ['a tag that is none', { tag: '-x' }, 'invalid', '-x is no tag'],
  ])('%s', async (_label, query, code, says) => {
    await play(decided())
    await expect(explain(query)).rejects.toMatchObject({ code, message: expect.stringContaining(says) })
  })

  it('is asked by somebody who may not see the environment, or about nothing', async () => {
    await play(decided())
    await expect(explain({ tag }, { ...viewer, roles: { dev: 'admin' } })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(explainTag(deps, viewer, 'nothing', { tag })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('names no container where there are several, unless only one knows the tag', async () => {
    await play(decided())
    const other = { container: 'nats', image: 'nats:1', repository: 'index.docker.io/library/nats', automated: true }
    const known = (await store.getRelease(app()))?.images ?? []
    await store.saveRelease(app(), { images: [...known, other] })
    expect(await explain({ tag })).toMatchObject({ container })
    await expect(explain({ tag: 'stg-x' })).rejects.toMatchObject({ code: 'invalid', suggestion: /chart-image, nats/ })
  })
})
