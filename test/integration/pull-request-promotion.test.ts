import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { approvePromotion, applyPromotion, getPromotion, listPromotions, promote } from '#lib/api/promotions.ts'
import { syncRepository } from '#lib/api/repository.ts'
import { endedPromotion, headIsRead, revisionOf } from '#test/fixtures/promotion-work.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const run = promisify(execFile)
let product: RunningProduct

beforeAll(async () => {
  product = await startRunningProduct({}, { github: true })
}, 900_000)
afterAll(() => product?.stop(), 60_000)

/** A call as somebody with an account at GitHub makes it. */
async function atGitHub(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const { username, password, origin } = new URL(product.world.git.url)
  const response = await fetch(`${origin}/api/v3/repos/demo/config${path}`, {
    method,
    headers: { authorization: `token ${password || username}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, body: await response.json() }
}

const merge = (number: number) => atGitHub('PUT', `/pulls/${number}/merge`, {})
const read = async <T>(path: string) => (await atGitHub('GET', path)).body as T

async function checkOf(number: number): Promise<string | undefined> {
  const { head } = await read<{ head: { sha: string } }>(`/pulls/${number}`)
  const statuses = await read<{ context: string; state: string }[]>(`/commits/${head.sha}/statuses`)
  return statuses.find(({ context }) => context === 'wheelhouse/gates')?.state
}

const isChecked = (number: number, state: string) =>
  waitUntil(`the check of #${number} is ${state}`, async () => (await checkOf(number)) === state)

/** The promotion as soon as it has its pull request, and that has its comment. */
async function proposed(id: string) {
  const { pullRequest } = await waitUntil('it is proposed', async () => {
    const seen = await product.call(getPromotion, { params: { id } })
    if (seen.endedAt !== undefined) throw new Error(`${seen.state}: ${seen.reason}`)
    return seen.pullRequest ? seen : undefined
  })
  return pullRequest?.number ?? 0
}

/** Past every rule of the host, as somebody with a shell on its disk could. */
async function mergeInGit(id: string): Promise<void> {
  const { barePath, branch } = product.world.git
  const git = async (...args: string[]) => (await run('git', ['--git-dir', barePath, ...args])).stdout.trim()
  const ours = `wheelhouse/promotion/stg/${id}`
  const tree = await git('merge-tree', '--write-tree', branch, ours)
  const who = ['-c', 'user.name=Eve', '-c', 'user.email=eve@example.test']
  const commit = await git(...who, 'commit-tree', tree, '-p', branch, '-p', ours, '-m', 'Merge')
  await git('update-ref', `refs/heads/${branch}`, commit)
}

const commentOf = (number: number) =>
  waitUntil('the plan is a comment', async () => {
    const [comment, ...more] = await read<{ body: string }[]>(`/issues/${number}/comments`)
    expect(more).toEqual([])
    return comment?.body
  })

const rules = `environments:
  - dev
  - name: stg
    way: pull-request
    gates: {approvals: {count: 1, separate: []}}
  - prod
`

async function configure(): Promise<void> {
  await product.git.push({ 'wheelhouse.yaml': rules }, 'Gate stg')
  await headIsRead(product)
}

/** A new image runs in dev. */
async function deployToDev(tag: string) {
  const dev = await revisionOf(product, 'podinfo-dev', 'dev')
  await product.pushImage('podinfo', tag)
  await deployedAbove(product, 'podinfo-dev', 'dev', dev)
}

const approve = (id: string, planDigest: string) =>
  product.call(approvePromotion, { params: { id }, body: { planDigest } })

describe('a promotion by pull request', () => {
  it('is held by its check until its gates pass, then tagged, merged, deployed and verified', async () => {
    await configure()
    await deployToDev('dev-pull0001')
    const [head, stg] = [await product.git.head(), await revisionOf(product, 'podinfo-rc', 'stg')]
    const planned = await product.call(promote, { body: { application: 'podinfo', to: 'stg' } })
    const number = await proposed(planned.id)
    const comment = await commentOf(number)
    expect(comment).toContain(planned.planDigest)
    expect(comment).toContain('`Deployment podinfo-rc`')
    expect(comment).toContain('**approvals** waiting')
    await isChecked(number, 'pending')
    expect(await merge(number)).toMatchObject({ status: 405 })
    expect(await product.git.head()).toBe(head)

    await product.call(applyPromotion, { params: { id: planned.id }, body: { planDigest: planned.planDigest } })
    await approve(planned.id, planned.planDigest)
    expect(await endedPromotion(product, planned.id)).toMatchObject({ state: 'verified', way: 'pull-request' })
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)
    expect(await product.helm('get', 'manifest', 'podinfo-rc', '-n', 'stg')).toContain('podinfo:stg-pull0001')
    expect(await read(`/pulls/${number}`)).toMatchObject({ merged: true, state: 'closed' })
    expect(await product.git.message(await product.git.head())).toContain(`Merge pull request #${number}`)
    expect(
      await waitUntil('the comment is current', async () => (await commentOf(number)).includes('**approvals** passed')),
    ).toBe(true)
  })

  it('merged at GitHub once its gates are open: that counts as the click', async () => {
    const file = 'releases/stg/podinfo.yaml'
    const text = await product.git.read(file)
    await product.git.push({ [file]: text.replace('glob:stg-*', 'glob:*-*') }, 'Take what dev has')
    await headIsRead(product)
    await deployToDev('dev-pull0002')
    const stg = await revisionOf(product, 'podinfo-rc', 'stg')
    const { items } = await product.call(listPromotions, { query: { open: 'true' } })
    // Automation found it as well; that one is a promotion by pull request, too, and nobody's click is missing.
    const own = items.find(({ to }) => to === 'stg')
    const planned = own ?? (await product.call(promote, { body: { application: 'podinfo', to: 'stg' } }))
    const number = await proposed(planned.id)
    await isChecked(number, 'pending')
    await approve(planned.id, (await product.call(getPromotion, { params: { id: planned.id } })).planDigest)
    await waitUntil('it is merged', async () => {
      const { merged } = await read<{ merged: boolean }>(`/pulls/${number}`)
      if (!merged && (await checkOf(number)) === 'success') await merge(number)
      return merged
    })
    expect(await endedPromotion(product, planned.id)).toMatchObject({ state: 'verified' })
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg + 1)
    expect(await product.helm('get', 'manifest', 'podinfo-rc', '-n', 'stg')).toContain('podinfo:dev-pull0002')
  })

  it('closed by hand: it fails with that reason, and nothing is deployed', async () => {
    await deployToDev('dev-pull0003')
    const [head, stg] = [await product.git.head(), await revisionOf(product, 'podinfo-rc', 'stg')]
    const promotion = await waitUntil('automation wants it', async () => {
      const { items } = await product.call(listPromotions, { query: { open: 'true' } })
      return items.find(({ to, images }) => to === 'stg' && images.some(({ tag }) => tag === 'dev-pull0003'))
    })
    const number = await proposed(promotion.id)
    await isChecked(number, 'pending')
    expect((await atGitHub('PATCH', `/pulls/${number}`, { state: 'closed' })).status).toBe(200)
    const ended = await endedPromotion(product, promotion.id)
    expect(ended).toMatchObject({ state: 'failed', reason: expect.stringContaining(`#${number} was closed`) })
    expect([await product.git.head(), await revisionOf(product, 'podinfo-rc', 'stg')]).toEqual([head, stg])
  })

  it('merged past its gates by a push: the gates hold what Git says now', async () => {
    await deployToDev('dev-pull0004')
    const stg = await revisionOf(product, 'podinfo-rc', 'stg')
    const find = (way: string) =>
      waitUntil(`a promotion by ${way}`, async () => {
        const { items } = await product.call(listPromotions, { query: { open: 'true' } })
        const seen = items.find((one) => one.to === 'stg' && one.way === way)
        return seen?.images.some(({ tag }) => tag === 'dev-pull0004') ? seen : undefined
      })
    const promotion = await find('pull-request')
    await proposed(promotion.id)
    await mergeInGit(promotion.id)
    await product.call(syncRepository, {})

    expect(await endedPromotion(product, promotion.id)).toMatchObject({
      state: 'superseded',
      reason: expect.stringContaining('before its gates were open'),
    })
    const held = await find('let-through')
    expect(await revisionOf(product, 'podinfo-rc', 'stg')).toBe(stg)
    const { planDigest } = await product.call(getPromotion, { params: { id: held.id } })
    await approve(held.id, planDigest)
    expect(await endedPromotion(product, held.id)).toMatchObject({ state: 'verified' })
    expect(await product.helm('get', 'manifest', 'podinfo-rc', '-n', 'stg')).toContain('podinfo:dev-pull0004')
  })
})
