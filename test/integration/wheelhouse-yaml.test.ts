import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { call, ApiError } from '#lib/api/client.ts'
import { listGates } from '#lib/api/gates.ts'
import { getOperation } from '#lib/api/operations.ts'
import { createToken } from '#lib/api/tokens.ts'
import { checkPipeline, getPipeline, getPipelineFile, writePipelineFile } from '#lib/api/pipeline.ts'
import { headIsRead } from '#test/fixtures/promotion-work.ts'
import { startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

let product: RunningProduct

beforeAll(async () => {
  product = await startRunningProduct()
}, 900_000)
afterAll(() => product?.stop(), 60_000)

const gated = (count: number) =>
  `environments:\n  - dev\n  - stg\n  - name: prod\n    gates:\n      approvals: ${count}\n`
const baseOf = async () => (await product.call(getPipelineFile, {})).head?.blob ?? null
const write = (text: string, base: string | null, message = 'Gate prod') =>
  product.call(writePipelineFile, { body: { text, base, message } })
const refusal = async (asked: Promise<unknown>): Promise<ApiError> =>
  asked.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: unknown) => {
      if (error instanceof ApiError) return error
      throw error
    },
  )

/** The commit that a write led to. */
async function written(answer: Awaited<ReturnType<typeof write>>): Promise<string> {
  const id = (answer.kind === 'done' && answer.operation) || ''
  return waitUntil('it is committed', async () => (await product.call(getOperation, { params: { id } })).commit)
}

describe('wheelhouse.yaml', () => {
  it('is offered as what is inferred where there is none', async () => {
    const file = await product.call(getPipelineFile, {})
    expect(file.head).toMatchObject({ blob: null, text: null })
    const { problems, pipeline, loosens } = await product.call(checkPipeline, { body: { text: file.start } })
    expect({ problems, loosens }).toEqual({ problems: [], loosens: [] })
    const now = await product.call(getPipeline, {})
    const names = (all: typeof now | undefined) => all?.environments.map(({ name }) => name)
    expect(names(pipeline)).toEqual(names(now))
    expect(pipeline?.edges).toEqual(now.edges)
  })

  it('becomes one commit by the person who wrote it, and its gates are in force', async () => {
    const head = await product.git.head()
    const commit = await written(await write(gated(2), await baseOf(), 'Two have to agree to prod'))
    expect(await product.git.commits(head, await product.git.head())).toEqual([commit])
    expect(await product.git.message(commit)).toMatch(/^Two have to agree to prod\n\nConfigured: wheelhouse\.yaml\n/)
    expect(await product.git.message(commit)).toContain('Wheelhouse-Actor: Admin')
    await headIsRead(product)
    const gates = (await product.call(listGates, {})).items.find(({ environment }) => environment === 'prod')?.gates
    expect(gates?.join()).toContain('2 approvals')
    expect((await product.call(getPipelineFile, {})).head).toMatchObject({ commit, text: gated(2) })
  })

  it('says what it would loosen before it is written, and is then held by the old gates', async () => {
    const { loosens } = await product.call(checkPipeline, { body: { text: gated(1) } })
    expect(loosens).toEqual([{ environment: 'prod', what: ['approvals go from 2 to 1'] }])
    const answer = await write(gated(1), await baseOf())
    expect(answer).toMatchObject({ message: expect.stringContaining('The old gates of prod hold it') })
    await written(answer)
    await headIsRead(product)
    const prod = (await product.call(listGates, {})).items.find(({ environment }) => environment === 'prod')
    expect(prod?.gates.join()).toContain('2 approvals')
    expect(prod?.loosening?.what).toEqual(['approvals go from 2 to 1'])
  })

  it('is refused on a base that is not the head any more, with nothing written', async () => {
    const base = await baseOf()
    await product.git.push({ 'wheelhouse.yaml': `${gated(2)}# theirs\n` }, 'Meanwhile')
    const head = await product.git.head()
    const error = await refusal(write(`${gated(2)}# mine\n`, base))
    expect(error).toMatchObject({ status: 409, message: expect.stringContaining('changed meanwhile') })
    expect(await product.git.head()).toBe(head)
    expect(await product.git.read('wheelhouse.yaml')).toContain('# theirs')
  })

  it.each([
    ['an unknown key', 'environments:\n  - dev\n  - name: prod\n    gatez: 1\n', 4],
    ['a circle', 'environments:\n  - name: dev\n    from: prod\n  - stg\n  - name: prod\n    from: stg\n', 3],
  ])('is refused with the line where it has %s', async (_label, text, line) => {
    const head = await product.git.head()
    const { problems, pipeline } = await product.call(checkPipeline, { body: { text } })
    expect(problems).toMatchObject([{ code: 'config-invalid', line, suggestion: expect.any(String) }])
    expect(pipeline).toBeUndefined()
    const error = await refusal(write(text, await baseOf()))
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(`line ${line}`) })
    expect(await product.git.head()).toBe(head)
  })

  it('is not written by a viewer, who may read and check it', async () => {
    const body = { name: 'looks on', role: 'viewer' as const, expiresInDays: 1 }
    const { secret: token } = await product.call(createToken, { body })
    const as = { baseUrl: product.web, token }
    expect((await call(getPipelineFile, {}, as)).head?.text).toContain('environments')
    await call(checkPipeline, { body: { text: gated(1) } }, as)
    const error = await refusal(
      call(writePipelineFile, { body: { text: gated(3), base: await baseOf(), message: 'x' } }, as),
    )
    expect(error.status).toBe(403)
  })
})
