import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '#demo/world/wait-until.ts'
import { listAlerts } from '#lib/api/alerts.ts'
import { anchorAudit, listAudit } from '#lib/api/audit.ts'
import { listDeliveries } from '#lib/api/notifications.ts'
import { listOperations } from '#lib/api/operations.ts'
import { listPeople } from '#lib/api/people.ts'
import { getPromotion, promote } from '#lib/api/promotions.ts'
import { listHookDeliveries } from '#lib/api/webhooks.ts'
import { secretName } from '#test/fixtures/canary/canary-chart.ts'
import { startCanaryWorld, type CanaryWorld } from '#test/fixtures/canary/canary-world.ts'
import { collectApi, type Ids } from '#test/fixtures/canary/collect-api.ts'
import {
  collectArguments,
  collectCluster,
  collectDatabase,
  collectFiles,
  collectGit,
  collectHost,
  collectLog,
  collectNotifications,
  collectPages,
  pagePaths,
} from '#test/fixtures/canary/collect.ts'
import * as enter from '#test/fixtures/canary/enter.ts'
import { canaryFinder, type Piece } from '#test/fixtures/canary/find-canaries.ts'

let world: CanaryWorld
let cookie = ''
let promotion = ''
let provider = ''
let hook = ''

beforeAll(async () => {
  world = await startCanaryWorld()
}, 900_000)
afterAll(() => world?.stop(), 60_000)

const sourcesIn = (pieces: Piece[]) => canaryFinder([...world.canaries.values()]).sourcesIn(pieces)
const fromCluster = async (path: string): Promise<Piece> => ({
  where: path,
  content: JSON.stringify((await world.product.world.api.get(path)).body),
})
const fromValues = ['Secret: password', 'Secret: token', 'password in the values']

describe('a secret enters', () => {
  it('by Secrets that releases take their values from, and Helm has it in its own', async () => {
    await enter.enterValues(world)
    for (const namespace of ['dev', 'prod'])
      expect(sourcesIn([await fromCluster(`/api/v1/namespaces/${namespace}/secrets/${secretName}`)])).toEqual([
        'Secret: password',
        'Secret: token',
      ])
    await enter.untilRelease(world, 'canary-prod', ({ phase }) => phase === 'deployed')
    const { revision } = await enter.untilRelease(world, 'canary-dev', ({ phase }) => phase === 'deployed')
    const base = '/api/v1/namespaces/dev'
    for (const path of [
      'configmaps/canary-dev',
      'secrets/canary-dev',
      `secrets/sh.helm.release.v1.canary-dev.v${revision}`,
    ])
      expect(sourcesIn([await fromCluster(`${base}/${path}`)])).toEqual(expect.arrayContaining(fromValues.slice(0, 2)))
  })

  it('by what helm prints when a chart fails with it', async () => {
    const { reason } = await enter.untilRelease(world, 'failing-dev', ({ phase }) => phase === 'failed')
    expect(reason).toMatch(/the database refuses •+ and •+/)
  })

  it('by the address of a chart, which git is given', async () => {
    const release = await enter.untilRelease(world, 'elsewhere-dev', ({ problems, reason }) =>
      /127\.0\.0\.1/.test(JSON.stringify({ problems, reason })),
    )
    expect(release.phase).not.toBe('deployed')
  })

  it('by the settings page, for a registry that asks for it', async () => {
    const id = await enter.enterRegistryPassword(world)
    const { value } = world.canary('password of a registry')
    expect(await enter.openedRegistryPassword(world, id)).toBe(value)
    const basic = `Basic ${Buffer.from(`robot:${value}`).toString('base64')}`
    await waitUntil('the registry is told the password', () =>
      world.registry.requests.some(({ authorization }) => authorization === basic),
    )
    world.registry.fault = () => ({ kind: 'status', status: 403, body: `no, ${basic} is not enough` })
    const body = { repository: `${world.registry.host}/team/app` }
    await world.ask('POST', '/api/v1/images/scan', body)
    await waitUntil('the refusal is an incident', async () => {
      const { items } = await world.product.call(listAlerts, { query: {} })
      return items.some(({ detail }) => detail.includes('403'))
    })
  })

  it('by a channel, whose receiver repeats it', async () => {
    const id = await enter.enterChannel(world)
    const { items } = await world.product.call(listDeliveries, { query: { channel: id } })
    expect(items.map(({ outcome, reason }) => ({ outcome, reason }))).toContainEqual({
      outcome: 'failed',
      reason: expect.stringMatching(/no: •+ •+/),
    })
    await waitUntil('the channel is told of what fails', () =>
      world.receivers.received.some(({ text }) => text.includes('failing-dev')),
    )
  })

  it('by a webhook, in address, body and headers', async () => {
    hook = await enter.enterWebhook(world)
    const { items } = await world.product.call(listHookDeliveries, { query: { hook } })
    expect(items.map(({ verdict }) => verdict.kind).sort()).toEqual(['handled', 'refused'])
  })

  it('by an issuer that asks the client for it', async () => {
    provider = await enter.enterByIssuer(world)
    expect(world.issuer.exchanges).toBe(2)
    const { items } = await world.product.call(listPeople, {})
    expect(items.map(({ email }) => email)).toContain('carol@example.org')
  })

  it('by a person who signs in with it', async () => {
    cookie = await enter.enterPassword(world)
    expect((await world.ask('GET', '/api/v1/me', undefined, { anonymous: true, headers: { cookie } })).status).toBe(200)
  })

  it('by a token that is used', async () => {
    expect(await enter.enterToken(world)).toBe(200)
  })

  it('by requests that are refused for something else', async () => {
    expect(await enter.enterMistakes(world)).toEqual([400, 400, 400, 400, 400, 401, 400])
  })

  it('by the installation itself: it commits with its token, and reads with the password in its address', async () => {
    const before = await world.product.git.head()
    await world.product.pushImage('canary', 'dev-bbbb0002')
    await waitUntil('the new image is committed', async () => (await world.product.git.head()) !== before)
    await enter.untilRelease(world, 'canary-dev', ({ phase, revision }) => phase === 'deployed' && (revision ?? 0) > 1)
    expect(await world.product.call(anchorAudit, {})).toMatchObject({ kind: 'done' })
  })

  it('by a plan, which renders it', async () => {
    const body = { application: 'canary', from: 'dev', to: 'prod' }
    promotion = (await world.product.call(promote, { body })).id
    const { plan } = await waitUntil('there is a plan', async () => {
      const seen = await world.product.call(getPromotion, { params: { id: promotion } })
      return seen.plan && seen
    })
    expect(plan?.objects.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'Deployment', 'Secret'])
  })
})

const allowed: Record<string, { sources: string[]; because: string }> = {
  'the objects of Git': {
    sources: ['password in the URL of a chart', 'password in the values'],
    because: 'people pushed them in the clear',
  },
}

const exits: [exit: string, holds: RegExp, collect: () => Promise<Piece[]> | Piece[]][] = [
  ['the API', /canary-dev/, async () => collectApi(world, await ids())],
  ['comparisons with the cluster', /canary-dev/, () => liveComparisons()],
  ['answers to whoever entered it', /"status":"?|canary/, () => world.answers],
  [
    'pages',
    /<html/,
    async () =>
      collectPages(world, cookie, await pagePaths(root, { promotions: promotion, releases: await idOf('canary-dev') })),
  ],
  ['the stream of events', /"topic":"release"/, () => [{ where: 'stream', content: world.events.text }]],
  ['the log', /worker ready/, () => collectLog(world)],
  ['the database', /canary-dev/, () => collectDatabase(world)],
  ['files of the product', /PG_VERSION|postgres/, () => collectFiles(world)],
  [
    'the objects of Git',
    /canary-dev/,
    async () => (await collectGit(world)).filter(({ where }) => where === 'Git objects'),
  ],
  [
    'what the product wrote in Git',
    /Wheelhouse-Op/,
    async () => (await collectGit(world)).filter(({ where }) => where !== 'Git objects'),
  ],
  ['what the product wrote at GitHub', /\[/, () => collectHost(world)],
  ['what the product wrote in the cluster', /canary-dev/, () => collectCluster(world)],
  ['arguments of programs', /upgrade[\s\S]*canary-dev/, () => collectArguments(world)],
  ['notifications', /failing-dev/, () => collectNotifications(world)],
]

const root = join(import.meta.dirname, '../..')
const idOf = async (name: string) => (await enter.releaseNamed(world, name)).id

async function ids(): Promise<Ids> {
  const { product } = world
  const [operations, people, deliveries, audit] = await Promise.all([
    product.call(listOperations, { query: {} }),
    product.call(listPeople, {}),
    product.call(listHookDeliveries, { query: { hook } }),
    product.call(listAudit, { query: {} }),
  ])
  expect(audit.items.length).toBeGreaterThan(0)
  const releases = await Promise.all(['canary-dev', 'canary-prod'].map((name) => enter.releaseNamed(world, name)))
  const command = await world.ask('POST', '/api/v1/repository/sync', {})
  return {
    releases: releases.map(({ id, revision = 1, images: [image] }) => ({
      id,
      revision,
      repository: image?.repository ?? '',
      tag: image?.tag ?? '',
    })),
    operation: operations.items[0]?.id ?? '',
    command: command.json<{ command: string }>().command,
    promotion,
    person: people.items[0]?.id ?? '',
    delivery: deliveries.items.find(({ verdict }) => verdict.kind === 'handled')?.id ?? '',
    provider,
  }
}

/** They are asked for by POST, though they change nothing. */
async function liveComparisons(): Promise<Piece[]> {
  const compared: Piece[] = []
  for (const { id, revision } of (await ids()).releases) {
    const path = `/api/v1/releases/${id}/revisions/${revision}/live`
    compared.push({ where: path, content: (await world.ask('POST', path, {})).text })
  }
  return compared
}

describe('and leaves by none of', () => {
  it('is found where it may be, in all its forms', async () => {
    const { value, marks } = world.canary('Secret: token')
    const hex = Buffer.from(value).toString('hex')
    const basic = Buffer.from(`x:${value}`).toString('base64url')
    for (const content of [value, hex, basic, JSON.stringify({ value }), encodeURIComponent(value), marks[1] ?? ''])
      expect(sourcesIn([{ where: content, content: `before ${content} after` }])).toEqual(['Secret: token'])
  })

  it.each(exits)('%s', async (exit, holds, collect) => {
    const pieces = await collect()
    expect(pieces.some(({ content, where }) => holds.test(content.toString()) || holds.test(where))).toBe(true)
    const { sources = [], because = '' } = allowed[exit] ?? {}
    const found = canaryFinder([...world.canaries.values()].filter(({ source }) => !sources.includes(source))).find(
      pieces,
    )
    if (sources.length > 0) console.log(`${exit} may hold ${sources.join(', ')}: ${because}`)
    expect(found).toEqual([])
  })

  it('directories of a helm that has ended', async () => {
    const jobs = join(world.product.dataDir, 'product/helm/helm/jobs')
    await expect.poll(() => readdir(jobs)).toEqual([])
  })
})
