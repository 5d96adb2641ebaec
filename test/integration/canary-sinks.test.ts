import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { jsonLog } from '#lib/adapters/log/index.ts'
import { channelBinding, sealFor, sealingKey } from '#lib/core/credential/index.ts'
import { redaction, type Redaction } from '#lib/core/redact/index.ts'
import { keptPayload } from '#lib/core/webhook/index.ts'
import { compareLive } from '#lib/operations/work/compare-live.ts'
import { helmKey } from '#lib/operations/work/deps.ts'
import { recordRevisions } from '#lib/operations/work/record-revision.ts'
import { patchRelease } from '#lib/operations/work/release-records.ts'
import { settleAlerts } from '#lib/operations/work/settle-alerts.ts'
import { tellChannel } from '#lib/operations/work/tell-channel.ts'
import { redactingStore } from '#lib/wiring/redacting-store.ts'
import { startNotifyReceivers, type NotifyReceivers } from '#test/fakes/notify-receivers.ts'
import { canaryFinder, newCanary, type Piece } from '#test/fixtures/canary/find-canaries.ts'
import { helmHistory } from '#test/fixtures/helm-secrets.ts'
import { deliverSigned, makeHook } from '#test/fixtures/hooks-in-test.ts'
import { chartFiles, releaseText } from '#test/fixtures/release-documents.ts'
import { administer, startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWebInTest } from '#test/fixtures/web-in-test.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

/** The places where texts leave: those of `Redaction`, and payloads of webhooks, which the web process keeps. */
type Sink = keyof Redaction | 'webhook'

const canary = newCanary('a value of a Secret')
const { find, sourcesIn } = canaryFinder([canary])

let database: TestDatabase
let url: string
let worker: WorkerInTest
let receivers: NotifyReceivers

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

beforeEach(async () => {
  url = await database.fresh()
  receivers = await startNotifyReceivers()
  worker = await startWorkerInTest(url)
  await worker.origin.push({ ...chartFiles, 'releases/dev/podinfo.yaml': { text: releaseText({}) } })
  await worker.fetch()
  worker.deps.memory.secrets.add(idOf(), [canary.value])
  return () => Promise.all([worker.close(), receivers.close()])
})

const idOf = () => worker.release('podinfo-dev').id
const table = async (name: string): Promise<Piece[]> => {
  const rows = await administer(url, `SELECT * FROM ${name}`)
  const bytes = rows.flatMap((row) => Object.values(row).filter((value) => Buffer.isBuffer(value)))
  return [{ where: name, content: JSON.stringify(rows) }, ...bytes.map((content) => ({ where: name, content }))]
}

const baseOf = (text: string) => Buffer.from(text).toString('base64')

/** A revision as Helm keeps it, with the secret in its values, its Secret and elsewhere. */
function keepStored(): string {
  const manifest = `---
apiVersion: v1
kind: Secret
metadata: {name: a}
data: {note: ${baseOf(canary.value)}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b}
data: {url: "postgres://${canary.value}.test"}
`
  const payload = {
    name: 'podinfo-dev',
    namespace: 'dev',
    version: 7,
    info: { status: 'deployed' },
    config: { note: canary.value },
    manifest,
  }
  const release = baseOf(gzipSync(JSON.stringify(payload)).toString('base64'))
  worker.cluster.put({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'sh.helm.release.v1.podinfo-dev.v7',
      namespace: 'dev',
      labels: { name: 'podinfo-dev', owner: 'helm', status: 'deployed', version: '7', modifiedAt: '1' },
    },
    data: { release },
  })
  worker.deps.memory.history = helmHistory(worker.cluster)
  return helmKey('dev', 'podinfo-dev')
}

async function keepRevision(sinks: Redaction): Promise<Piece[]> {
  worker.deps.redaction = sinks
  await recordRevisions(worker.deps, keepStored(), [7])
  return table('revision_content')
}

const storeWith = (sinks: Redaction) => redactingStore(worker.store, sinks, worker.deps.memory.secrets)

/** What leaves by each place, with these functions in the places. */
const leaves: Record<Exclude<Sink, 'webhook'>, (sinks: Redaction) => Promise<Piece[]>> = {
  async log(sinks) {
    const lines: string[] = []
    const redact = (text: string) => sinks.log(text, worker.deps.memory.secrets.everywhere())
    const log = jsonLog({ clock: worker.clock, redact, write: (line) => lines.push(line) })
    log.with({ loop: 'release' }).warn('commit failed', { error: new Error(`refused ${canary.value}`) })
    return [{ where: 'log', content: lines.join('') }]
  },
  async audit(sinks) {
    const entry = { at: 1, kind: 'test.done', actor: 'a', subject: 's' }
    await storeWith(sinks).record([{ ...entry, reason: `for ${canary.value}`, data: { tried: [canary.value] } }])
    await worker.store.chainAudit()
    return table('audit_event')
  },
  async reason(sinks) {
    worker.deps.store = storeWith(sinks)
    await patchRelease(worker.deps, idOf(), { healthReason: `the pod says ${canary.value}` })
    return table('release')
  },
  async childOutput(sinks) {
    worker.deps.redaction = sinks
    worker.helm.answers.push({ kind: 'failed', message: `Error: the chart says ${canary.value}` })
    await worker.origin.push({ 'releases/dev/podinfo.yaml': { text: releaseText({ values: ['replicaCount: 2'] }) } })
    await worker.fetch()
    return table('attempt')
  },
  manifest: keepRevision,
  values: keepRevision,
  async object(sinks) {
    worker.deps.redaction = sinks
    keepStored()
    const compared = await compareLive(worker.deps, worker.release('podinfo-dev'), 7)
    return [{ where: 'comparison', content: JSON.stringify(compared) }]
  },
  async notification(sinks) {
    worker.deps.redaction = sinks
    await addChannel()
    const alert = { key: 'test x', kind: 'test', severity: 'warning' as const, nextStep: 'n' }
    await settleAlerts(worker.deps, 'test ', { wanted: [{ ...alert, title: 't', detail: canary.value }], kept: [] })
    await tellChannel(worker.deps, 'hook')
    return receivers.received.map(({ text }) => ({ where: 'notification', content: text }))
  },
}

async function addChannel() {
  const [id, host, made] = ['hook', '127.0.0.1', { createdAt: 1, createdBy: 'ann@example.test' }]
  const key = sealingKey(Buffer.alloc(32, 2))
  const address = sealFor(key, `${receivers.url}/hook`, channelBinding({ id, host }, 'url'), Buffer.alloc(64, 7))
  const config = { kind: 'webhook' } as const
  await worker.store.saveChannel({ id, name: id, host, config, sealed: { url: address }, failures: 0, ...made })
  const any = { kinds: [], severities: [], environments: [], applications: [] }
  await worker.store.saveRule({ id: 'rule', channel: id, ...any, ...made })
}

const untouched = <T>(given: T): T => given

describe('what leaves by', () => {
  it.each(Object.keys(leaves) as (keyof typeof leaves)[])('%s holds no secret', async (sink) => {
    const pieces = await leaves[sink](redaction)
    expect(pieces.length).toBeGreaterThan(0)
    expect(JSON.stringify(pieces.map(({ content }) => content.toString()))).not.toBe('["[]"]')
    expect(find(pieces)).toEqual([])
  })

  it.each(Object.keys(leaves) as (keyof typeof leaves)[])('%s does, where nothing is redacted there', async (sink) => {
    const pieces = await leaves[sink]({ ...redaction, [sink]: untouched })
    expect(sourcesIn(pieces)).toEqual([canary.source])
  })

  const rows: [label: string, keep: typeof keptPayload, found: string[]][] = [
    ['a webhook holds no secret', keptPayload, []],
    ['a webhook does, where nothing is redacted there', (payload) => JSON.stringify(payload), [canary.source]],
  ]
  it.each(rows)('%s', async (_label, keep, found) => {
    const web = await startWebInTest(url)
    web.deps.keptPayload = keep
    const hook = await makeHook(web, 'github')
    const payload = { zen: 'x', hook: { config: { secret: canary.value } } }
    expect((await deliverSigned(hook, 'ping', payload, 'd-1')).status).toBe(202)
    await web.close()
    expect(sourcesIn(await table('webhook_delivery'))).toEqual(found)
  })
})

describe('a revision whose values come from a Secret', () => {
  const document = releaseText({ spec: ['valuesFrom: [{secretKeyRef: {name: db, key: values.yaml}}]'] })
  const secret = (value: string) =>
    worker.cluster.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'dev' },
      data: { 'values.yaml': baseOf(`note: ${value}\n`) },
    })

  it('is recorded without it by a worker that has just begun, once Git was read', async () => {
    secret(canary.value)
    await worker.origin.push({ 'releases/dev/podinfo.yaml': { text: document } })
    await worker.fetch()
    await worker.restart()
    const key = keepStored()
    await recordRevisions(worker.deps, key, [7])
    expect((await table('revision_content')).slice(1)).toEqual([])
    const woken: string[] = []
    worker.deps.wakeups = { ...worker.deps.wakeups, wake: (topic, of = '') => void woken.push(`${topic} ${of}`) }
    await worker.origin.push({ 'other.txt': { text: 'moves the branch' } })
    await worker.fetch()
    expect(woken).toContain(`revision ${key}`)
    await recordRevisions(worker.deps, key, [7])
    const kept = await table('revision_content')
    expect(kept.length).toBeGreaterThan(1)
    expect(find(kept)).toEqual([])
  })

  it('is recorded without what the Secret held before', async () => {
    secret(canary.value)
    await worker.origin.push({ 'releases/dev/podinfo.yaml': { text: document } })
    await worker.fetch()
    secret('another-value-1')
    worker.deps.wakeups.wake('release', idOf())
    await worker.settle()
    expect(worker.deps.memory.secrets.of(idOf())).toContain('another-value-1')
    await recordRevisions(worker.deps, keepStored(), [7])
    expect(find(await table('revision_content'))).toEqual([])
  })
})
