import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { listAudit } from '#lib/api/audit.ts'
import { reportCheck } from '#lib/api/checks.ts'
import { listGates } from '#lib/api/gates.ts'
import { applyPromotion, getPromotion, promote } from '#lib/api/promotions.ts'
import { lockRelease, unlockRelease } from '#lib/api/release-commands.ts'
import { listReleases } from '#lib/api/releases.ts'
import { endedPromotion, headIsRead } from '#test/fixtures/promotion-work.ts'
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

/** What GitHub shows, or is told, as somebody with a token sees it. */
async function shown<T>(path: string, told?: object): Promise<T> {
  const url = new URL(product.world.git.url)
  const answer = await fetch(`${url.origin}/api/v3/repos${url.pathname.replace('.git', '')}/${path}`, {
    headers: { authorization: `token ${url.password}` },
    ...(told ? { method: 'POST', body: JSON.stringify(told) } : {}),
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
    const lines = told.map(({ context, state }) => `${context} ${state}`)
    // Helm may be done before it was told to have begun; nothing is told twice.
    expect(lines).toEqual(['wheelhouse/dev success', 'wheelhouse/dev pending'].slice(0, lines.length))
    // Those of the start come first, one call after the other.
    const states = await waitUntil('its deployment is told', async () => {
      const [deployment, ...more] = await shown<{ id: number; environment: string }[]>(`deployments?sha=${head}`)
      expect([deployment?.environment, more]).toEqual(['dev', []])
      const all = await shown<{ state: string; log_url: string }[]>(`deployments/${deployment?.id}/statuses`)
      return all[0]?.state === 'success' ? all : undefined
    })
    expect(states[0]?.log_url).toContain(`${product.web}/releases/`)
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

describe('checks as a gate', () => {
  const gated = `environments:
  - dev
  - name: stg
    gates: {checks: [ci/e2e, scan]}
  - prod
`
  const gatesOf = (id: string) => product.call(getPromotion, { params: { id } })
  const says = (words: string) => expect.stringContaining(words) as string
  let atDev: string

  /** CI says something of the commit that dev runs. */
  const atGitHub = (state: string, description: string, context = 'ci/e2e', sha = atDev) =>
    shown(`statuses/${sha}`, { state, context, description, target_url: 'https://ci.test/1' })

  let tags = 0
  async function promoted(): Promise<{ id: string; planDigest: string }> {
    const dev = await revisionOf('podinfo-dev', 'dev')
    await product.pushImage('podinfo', `dev-check${(tags += 1)}`)
    await deployedAbove(product, 'podinfo-dev', 'dev', dev)
    atDev = await product.git.head()
    const planned = await product.call(promote, { body: { application: 'podinfo', to: 'stg' } })
    await product.call(applyPromotion, { params: { id: planned.id }, body: { planDigest: planned.planDigest } })
    return planned
  }

  beforeAll(async () => {
    const { items } = await product.call(listReleases, { query: {} })
    const id = items.find(({ name }) => name === 'podinfo-dev')?.id ?? ''
    await product.call(unlockRelease, { params: { id }, body: {} })
    await waitUntil(
      'the lock is gone',
      async () => !(await product.git.read('releases/dev/podinfo.yaml')).includes('demo at noon'),
    )
    await product.git.push({ 'wheelhouse.yaml': gated }, 'Gate stg by checks')
    await headIsRead(product)
  }, 120_000)

  it('open when a status at GitHub and a report to the promotion say so, by a webhook and at once', async () => {
    const [before, { id, planDigest }] = [await revisionOf('podinfo-rc', 'stg'), await promoted()]
    const waiting = await waitUntil('it waits', async () => {
      const seen = await gatesOf(id)
      return seen.state === 'waiting' ? seen : undefined
    })
    expect(waiting.gates).toEqual([
      expect.objectContaining({ gate: 'checks', verdict: 'waiting', evidence: says('scan has not reported yet') }),
    ])
    const report = {
      params: { id },
      body: { name: 'scan', state: 'success' as const, planDigest, description: 'Clean' },
    }
    await expect(
      product.call(reportCheck, { ...report, body: { ...report.body, planDigest: 'another' } }),
    ).rejects.toMatchObject({ status: 409 })
    await expect(
      product.call(reportCheck, { ...report, body: { ...report.body, name: 'scam' } }),
    ).rejects.toMatchObject({ status: 400, message: says('asks for no check scam') })
    await product.call(reportCheck, report)
    await atGitHub('pending', 'Scenario 4 of 9')
    await waitUntil('GitHub was heard', async () => {
      const [gate] = (await gatesOf(id)).gates
      return gate?.evidence === 'ci/e2e is not done: Scenario 4 of 9. scan passed: Clean.'
    })
    await atGitHub('success', '9 of 9')
    const ended = await endedPromotion(product, id)
    expect(ended).toMatchObject({ state: 'verified' })
    expect(ended.checks).toEqual([
      expect.objectContaining({ name: 'scan', state: 'success', by: expect.any(String) as string }),
      expect.objectContaining({ name: 'ci/e2e', state: 'success', description: '9 of 9', url: 'https://ci.test/1' }),
    ])
    expect(await revisionOf('podinfo-rc', 'stg')).toBe(before + 1)
  })

  it('refuse what failed', async () => {
    const [before, { id }] = [await revisionOf('podinfo-rc', 'stg'), await promoted()]
    await atGitHub('failure', '3 of 9 failed')
    expect(await endedPromotion(product, id)).toMatchObject({
      state: 'refused',
      reason: says('ci/e2e failed: 3 of 9 failed.'),
    })
    expect(await revisionOf('podinfo-rc', 'stg')).toBe(before)
  })

  it('hold the commit that takes them away, until they say yes to it', async () => {
    const commit = await product.git.push({ 'wheelhouse.yaml': 'environments: [dev, stg, prod]\n' }, 'No more checks')
    await headIsRead(product)
    const loosening = async () =>
      (await product.call(listGates, {})).items.find(({ environment }) => environment === 'stg')?.loosening
    const held = await waitUntil('it is held', async () => {
      const seen = await loosening()
      return seen?.reason ? seen : undefined
    })
    expect(held.what).toEqual(['the check ci/e2e is not wanted', 'the check scan is not wanted'])
    expect(held.askedOf).toEqual({ roles: ['approver'], separate: [] })
    await atGitHub('success', '', 'ci/e2e', commit)
    await atGitHub('success', '', 'scan', commit)
    await waitUntil('it is taken up', async () => (await loosening()) === undefined)
  })
})
