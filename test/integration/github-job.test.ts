import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { listAudit } from '#lib/api/audit.ts'
import { lockRelease } from '#lib/api/release-commands.ts'
import { listReleases } from '#lib/api/releases.ts'
import { deployedAbove, startRunningProduct, type RunningProduct } from '#test/fixtures/running-product.ts'

const anHourMs = String(60 * 60_000)
const wheelhouse = 'Wheelhouse <wheelhouse@wheelhouse.dev>'
let product: RunningProduct

/** Nothing is found by polling: what happens, happens by webhook. */
beforeAll(async () => {
  const intervals = { WHEELHOUSE_POLL_INTERVAL_MS: anHourMs, WHEELHOUSE_SCAN_INTERVAL_MS: anHourMs }
  product = await startRunningProduct(intervals, { github: true })
}, 900_000)
afterAll(() => product?.stop(), 60_000)

const revisionOf = async (name: string, namespace: string) =>
  (await product.history(name, namespace)).at(-1)?.revision ?? 0

/** What the product asked the API for since a line of the server's log. */
async function askedSince(line: number): Promise<string[]> {
  const lines = (await product.gitLog()).slice(line).filter(Boolean)
  expect(lines.filter((text) => text.startsWith('COMPLAINT'))).toEqual([])
  return lines
}

const lineOfLog = async () => (await product.gitLog()).filter(Boolean).length

/** What GitHub shows, as somebody with a token sees it. */
async function shown<T>(path: string): Promise<T> {
  const url = new URL(product.world.git.url)
  const answer = await fetch(`${url.origin}/api/v3/repos${url.pathname.replace('.git', '')}/${path}`, {
    headers: { authorization: `token ${url.password}` },
  })
  return (await answer.json()) as T
}

describe('with the repository at GitHub', () => {
  it('an image becomes one commit by the API, with author and trailers, and is deployed', async () => {
    const [before, revision, line] = [
      await product.git.head(),
      await revisionOf('podinfo-dev', 'dev'),
      await lineOfLog(),
    ]
    const tag = await product.pushImage('podinfo', 'dev-aaaa0001')
    const deployed = await deployedAbove(product, 'podinfo-dev', 'dev', revision)
    const head = await product.git.head()
    expect(await product.git.commits(before, head)).toEqual([head])
    expect(await product.git.addedLines(head)).toEqual([expect.stringContaining(`podinfo:${tag}`)])
    expect(deployed.description).toContain(head.slice(0, 12))
    const message = await product.git.message(head)
    expect(message).toMatch(/^Wheelhouse-Op: \S+$/m)
    expect(message).toMatch(/^Wheelhouse-Cause: .*dev-aaaa0001/m)
    expect(await product.git.people(head)).toEqual({ author: wheelhouse, committer: wheelhouse })
    expect(await askedSince(line)).toEqual(
      expect.arrayContaining([
        'POST /repos/{owner}/{repo}/git/trees',
        'POST /repos/{owner}/{repo}/git/commits',
        'PATCH /repos/{owner}/{repo}/git/refs/{ref}',
      ]),
    )
  })

  it('GitHub shows at the commit that it was deployed', async () => {
    const head = await product.git.head()
    const told = await waitUntil('GitHub is told', async () => {
      const statuses = await shown<{ context: string; state: string }[]>(`commits/${head}/statuses`)
      return statuses.some(({ state }) => state === 'success') ? statuses : undefined
    })
    expect(told.map(({ context, state }) => `${context} ${state}`)).toEqual([
      'wheelhouse/dev success',
      'wheelhouse/dev pending',
    ])
    const [deployment, ...more] = await shown<{ id: number; environment: string }[]>(`deployments?sha=${head}`)
    expect([deployment?.environment, more]).toEqual(['dev', []])
    const states = await shown<{ state: string; log_url: string }[]>(`deployments/${deployment?.id}/statuses`)
    expect(states[0]).toMatchObject({ state: 'success', log_url: expect.stringContaining(`${product.web}/releases/`) })
  })

  it('a push by somebody else is fetched and deployed by its webhook alone', async () => {
    const revision = await revisionOf('podinfo-dev', 'dev')
    const path = 'releases/dev/podinfo.yaml'
    const text = (await product.git.read(path)).replace(/replicaCount: \d+/, 'replicaCount: 3')
    const pushed = await product.git.push({ [path]: text }, 'Scale')
    expect((await deployedAbove(product, 'podinfo-dev', 'dev', revision)).description).toContain(pushed.slice(0, 12))
  })

  it('three images of one release become one commit with three lines and one upgrade', async () => {
    const [before, revision] = [await product.git.head(), await revisionOf('openfaas', 'openfaas')]
    const setTags = await Promise.all([
      product.stageImage('prom/prometheus', 'v2.3.9'),
      product.stageImage('prom/alertmanager', 'v0.15.9'),
      product.stageImage('nats-streaming', '0.6.9'),
    ])
    await Promise.all(setTags.map((setTag) => setTag()))
    const deployed = await deployedAbove(product, 'openfaas', 'openfaas', revision)
    const head = await product.git.head()
    expect(await product.git.commits(before, head)).toHaveLength(1)
    expect(await product.git.addedLines(head)).toHaveLength(3)
    expect(deployed.revision).toBe(revision + 1)
  })

  it('a release version moves prod alone', async () => {
    const [dev, prod] = [await revisionOf('podinfo-dev', 'dev'), await revisionOf('podinfo-prod', 'prod')]
    await product.pushImage('podinfo', '0.4.11')
    await deployedAbove(product, 'podinfo-prod', 'prod', prod)
    expect(await revisionOf('podinfo-dev', 'dev')).toBe(dev)
  })

  it('what a person asks for carries the person as author', async () => {
    const { items } = await product.call(listReleases, { query: {} })
    const id = items.find(({ name }) => name === 'podinfo-dev')?.id ?? ''
    const before = await product.git.head()
    await product.call(lockRelease, { params: { id }, body: { message: 'demo at noon' } })
    const head = await waitUntil('the lock stands in Git', async () => {
      const now = await product.git.head()
      return now === before ? undefined : now
    })
    expect(await product.git.read('releases/dev/podinfo.yaml')).toContain('demo at noon')
    const { author, committer } = await product.git.people(head)
    expect(committer).toBe(wheelhouse)
    const done = await waitUntil('the commit is in the audit trail', async () => {
      const { items } = await product.call(listAudit, { query: { commit: head } })
      return items.find(({ kind }) => kind === 'commit.done')
    })
    expect(author).toBe(`Admin <${done.actor}>`)
  })
})
