import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { waitUntil } from '#demo/world/wait-until.ts'
import { WorldProblem } from '#demo/world/world-problem.ts'
import {
  applyPromotion,
  approvePromotion,
  getPromotion,
  promote,
  withdrawPromotion,
  type PromotionDetail,
} from '#lib/api/promotions.ts'
import { listReleases } from '#lib/api/releases.ts'
import { headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'
import { sourceRepository, type SourceRepository } from '#test/fixtures/source-repository.ts'

let product: RunningProduct
let source: SourceRepository

const pipeline = (gates = '') => `applications:
  podinfo: {source: demo/podinfo}
environments:
  - dev
  - {name: stg, way: merge}
  - {name: prod, way: merge${gates}}
`

beforeAll(async () => {
  product = await startRunningProduct({}, { github: true })
  source = sourceRepository(product)
  await configure(pipeline())
}, 900_000)
afterAll(() => product?.stop(), 60_000)

async function configure(text: string): Promise<void> {
  await product.git.push({ 'wheelhouse.yaml': text }, 'Describe the pipeline')
  await headIsRead(product)
}

/** Waits until a promotion is as wanted; throws what it says where it ends otherwise. */
function seen(id: string, what: string, wanted: (promotion: PromotionDetail) => boolean): Promise<PromotionDetail> {
  return waitUntil(
    what,
    async () => {
      const promotion = await product.call(getPromotion, { params: { id } })
      if (wanted(promotion)) return promotion
      const says = `${promotion.state}: ${promotion.reason}`
      throw promotion.endedAt === undefined ? new Error(says) : new WorldProblem(says)
    },
    { timeoutMs: 60_000, everyMs: 200 },
  )
}

const reached = (id: string, state: PromotionDetail['state'], says = '') =>
  seen(id, `it is ${state} ${says}`, (one) => one.state === state && one.reason.includes(says))
const merged = (id: string) => seen(id, 'it waits for CI', ({ reason }) => reason.includes('waits for CI'))

/** A commit in dev, and the release there that was built from it. */
async function develop(text: string): Promise<string> {
  const revision = await revisionOf(product, 'podinfo-dev', 'dev')
  const commit = await source.commit('dev', 'main.go', text)
  await source.build('-b', 'dev', '--sha', commit)
  await deployedAbove(product, 'podinfo-dev', 'dev', revision)
  return commit
}

async function plan(to: string, more: object = {}) {
  return product.call(promote, { body: { application: 'podinfo', to, ...more } })
}

const apply = ({ id, planDigest }: { id: string; planDigest: string }) =>
  product.call(applyPromotion, { params: { id }, body: { planDigest } })

function checkIs(commit: string, state: string) {
  return waitUntil(`the check is ${state}`, async () => {
    const [newest] = await source.statuses(commit)
    return newest?.context === 'wheelhouse/gates' && newest.state === state
  })
}

async function runningTag(name: string): Promise<string | undefined> {
  const { items } = await product.call(listReleases, { query: {} })
  return items.find((release) => release.name === name)?.images[0]?.tag
}

describe("the article's way", () => {
  it('dev is merged into stg, CI builds the merge, and that is deployed', async () => {
    const commit = await develop('package main // one\n')
    const [head, stg] = [await source.head('stg'), await revisionOf(product, 'podinfo-rc', 'stg')]
    const planned = await plan('stg')
    const detail = await product.call(getPromotion, { params: { id: planned.id } })
    expect(detail).toMatchObject({ way: 'merge', from: 'dev', authors: [{ name: 'Ada' }] })
    expect(detail.merge).toMatchObject({
      repository: 'demo/podinfo',
      head: { branch: 'dev', commit },
      base: { branch: 'stg', commit: head },
      commits: [{ sha: commit, subject: 'Change main.go' }],
      count: 1,
      files: 1,
    })
    await reached(planned.id, 'approved', 'waits to be applied')
    const [pull] = await source.pulls()
    expect(pull).toMatchObject({ state: 'open', title: 'Promote podinfo to stg', head: { ref: 'dev', sha: commit } })
    await checkIs(commit, 'success')
    expect(await source.head('stg')).toBe(head)

    await apply(planned)
    await merged(planned.id)
    const merge = await source.head('stg')
    expect(merge).not.toBe(head)
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg)

    const before = await product.git.head()
    await source.build('-b', 'stg', '--sha', merge)
    const verified = await reached(planned.id, 'verified')
    expect(verified.images).toMatchObject([{ tag: `stg-${merge.slice(0, 8)}` }])
    expect(verified.planDigest).not.toBe(planned.planDigest)
    expect(await runningTag('podinfo-rc')).toBe(`stg-${merge.slice(0, 8)}`)
    expect(await product.git.commits(before, await product.git.head())).toHaveLength(1)
    expect(await product.git.message(await product.git.head())).toContain(`promotion ${planned.id} from dev`)
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)
  })

  it('stg is merged into master and tagged, and what CI builds for the tag waits for its own approval', async () => {
    await configure(pipeline(', gates: {approvals: {count: 1, separate: []}}'))
    const prod = await revisionOf(product, 'podinfo-prod', 'prod')
    const planned = await plan('prod')
    await reached(planned.id, 'waiting', 'approval')
    const head = await source.head('stg')
    await checkIs(head, 'pending')
    const [pull] = await source.pulls()
    await expect(source.api('PUT', `pulls/${pull?.number}/merge`, {})).rejects.toThrow('405')
    await apply(planned)
    await product.call(approvePromotion, { params: { id: planned.id }, body: { planDigest: planned.planDigest } })
    await merged(planned.id)
    const merge = await source.head('master')
    expect(await source.tag('0.4.11')).toBe(merge)
    await checkIs(head, 'success')

    await source.build('-v', '0.4.11', '--sha', merge)
    const again = await reached(planned.id, 'waiting', 'approval')
    expect(again.planDigest).not.toBe(planned.planDigest)
    expect(again.approvals).toMatchObject([{ counts: false }])
    expect(again.plan?.objects.some(({ change }) => change === 'changed')).toBe(true)
    expect(await revisionOf(product, 'podinfo-prod', 'prod')).toBe(prod)

    await product.call(approvePromotion, { params: { id: planned.id }, body: { planDigest: again.planDigest } })
    await reached(planned.id, 'verified')
    expect(await runningTag('podinfo-prod')).toBe('0.4.11')
    expect(await revisionOf(product, 'podinfo-prod', 'prod')).toBe(prod + 1)
  })

  it('an image whose name tells nothing is known by its label, and a merge by somebody counts as agreed to', async () => {
    await develop('package main // two\n')
    const planned = await plan('stg')
    await reached(planned.id, 'approved', 'waits to be applied')
    const [pull] = await source.pulls()
    await checkIs(pull?.head.sha ?? '', 'success')
    await source.api('PUT', `pulls/${pull?.number}/merge`, { sha: pull?.head.sha })
    expect(await merged(planned.id)).toMatchObject({ applied: { by: 'somebody at demo/podinfo' } })
    const merge = await source.head('stg')
    const image = { registry: product.world.registry.host, repository: 'podinfo', tag: 'stg-nobodyknows' }
    await pushImage({ ...image, labels: { 'org.opencontainers.image.revision': merge } })
    await reached(planned.id, 'verified')
    expect(await runningTag('podinfo-rc')).toBe('stg-nobodyknows')
  })
})

describe('what runs on the left is what is merged', () => {
  it('though its branch has more by then', async () => {
    const ran = await develop('package main // tried out\n')
    const later = await source.commit('dev', 'later.go', 'package main\n')
    const planned = await plan('stg')
    const { merge } = await reached(planned.id, 'approved', 'waits to be applied')
    expect(merge).toMatchObject({ head: { branch: 'dev', commit: ran }, newer: 1, count: 1 })
    await apply(planned)
    await merged(planned.id)
    expect(await source.contains('stg', ran)).toBe(true)
    expect(await source.contains('stg', later)).toBe(false)
    expect(await source.branches()).toEqual(['dev', 'master', 'stg'])
    await source.build('-b', 'stg', '--sha', await source.head('stg'))
    await reached(planned.id, 'verified')
  })

  it('though its branch moves on while it waits', async () => {
    const ran = await develop('package main // approved\n')
    const planned = await plan('stg')
    await reached(planned.id, 'approved', 'waits to be applied')
    const [first] = await source.pulls()
    expect(first?.head.ref).toBe('dev')
    const later = await source.commit('dev', 'later.go', 'package main // moved\n')
    const [second, before] = await waitUntil('another pull request takes its place', async () => {
      const pulls = await source.pulls()
      return pulls[0]?.number !== first?.number && pulls[1]?.state === 'closed' && pulls
    })
    expect(before?.number).toBe(first?.number)
    expect(second).toMatchObject({ state: 'open', head: { ref: 'wheelhouse/podinfo-stg', sha: ran } })
    await apply(planned)
    await merged(planned.id)
    expect(await source.contains('stg', later)).toBe(false)
    await source.build('-b', 'stg', '--sha', await source.head('stg'))
    expect(await reached(planned.id, 'verified')).toMatchObject({ merge: { head: { commit: ran } } })
  })
})

describe('what goes wrong', () => {
  it('a pull request that somebody closes refuses the promotion', async () => {
    await develop('package main // three\n')
    const planned = await plan('stg')
    await reached(planned.id, 'approved', 'waits to be applied')
    const [pull] = await source.pulls()
    await source.api('PATCH', `pulls/${pull?.number}`, { state: 'closed' })
    const refused = await reached(planned.id, 'refused', 'closed pull request')
    expect(refused.merge?.merged).toBeUndefined()
  })

  it('one that is taken back closes its pull request', async () => {
    const planned = await plan('stg')
    await reached(planned.id, 'approved', 'waits to be applied')
    await product.call(withdrawPromotion, { params: { id: planned.id }, body: {} })
    await reached(planned.id, 'refused', 'Taken back')
    const [pull] = await source.pulls()
    expect(pull).toMatchObject({ state: 'closed', merged_at: null })
    expect((await source.statuses(pull?.head.sha ?? ''))[0]).toMatchObject({ state: 'failure' })
  })

  it('what somebody agreed to is not merged into anything else', async () => {
    await configure(
      pipeline(', gates: {freeze: [{reason: sale, from: 2020-01-01T00:00:00Z, to: 2999-01-01T00:00:00Z}]}'),
    )
    const planned = await plan('prod')
    await apply(planned)
    await reached(planned.id, 'waiting', 'sale')
    const head = await source.commit('master', 'other.go', 'package main // somebody was faster\n')
    await reached(planned.id, 'refused', 'no longer what was planned')
    expect(await source.head('master')).toBe(head)
    await configure(pipeline())
  })

  it('a tag that names another commit is never moved', async () => {
    await expect(plan('prod', { tags: { 'chart-image': '0.4.11' } })).rejects.toThrow('0.4.11 already')
    const planned = await plan('prod', { tags: { 'chart-image': '0.4.77' } })
    await reached(planned.id, 'approved', 'waits to be applied')
    const other = await source.head('dev')
    await source.makeTag('0.4.77', other)
    await apply(planned)
    await reached(planned.id, 'refused', 'has 0.4.77 at')
    expect(await source.tag('0.4.77')).toBe(other)

    // The merge stands: the next promotion finds it there, and goes on with another tag.
    const again = await plan('prod')
    await apply(again)
    const { merge } = await merged(again.id)
    const commit = await source.head('master')
    expect(merge).toMatchObject({ count: 0, tag: '0.4.78', merged: { commit, earlier: true } })
    await source.build('-v', '0.4.78', '--sha', commit)
    await reached(again.id, 'verified')
  })

  it('branches with conflicts are told, and nothing is merged', async () => {
    await source.commit('stg', 'main.go', 'package main // stg\n')
    await develop('package main // dev\n')
    const head = await source.head('stg')
    const planned = await plan('stg')
    await reached(planned.id, 'refused', 'have conflicts')
    expect(await source.head('stg')).toBe(head)
  })

  it.each([
    ['no source', '{}', 'names no source repository'],
    ['another host', '{source: "https://example.org/demo/podinfo"}', 'not at 127.0.0.1'],
    ['no such repository', '{source: demo/nothing}', 'has no demo/nothing'],
    ['no such branch', '{source: demo/podinfo, branches: {stg: release}}', 'no branch release'],
  ])('%s: it is said before anything begins', async (_label, application, says) => {
    await configure(pipeline().replace('{source: demo/podinfo}', application))
    await expect(plan('stg')).rejects.toThrow(says)
  })
})
