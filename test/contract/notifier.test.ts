import { beforeEach, describe, expect, it } from 'vitest'
import { createHmac } from 'node:crypto'
import { createNotifier } from '#lib/adapters/notify/index.ts'
import type { SenderConfig, ChannelSecrets, Message } from '#lib/core/notification/index.ts'
import type { OpenChannel } from '#lib/ports/notifier.ts'
import { startNotifyReceivers, type NotifyReceivers } from '#test/fakes/notify-receivers.ts'
import { startSmtpServer, type SmtpServer } from '#test/fakes/smtp-server.ts'

let server: NotifyReceivers
let mail: SmtpServer

beforeEach(async () => {
  server = await startNotifyReceivers()
  mail = await startSmtpServer()
  return () => Promise.all([server.close(), mail.close()])
})

const now = Date.parse('2026-03-01T12:00:00Z')
const message: Message = {
  about: 'alert-1',
  state: 'open',
  severity: 'critical',
  title: 'podinfo-prod failed <!channel> @everyone',
  detail: 'It waits for [pods](https://evil.example) & more',
  nextStep: 'Look at it.',
  facts: [{ name: 'Environment', value: 'prod' }],
  link: 'https://wheelhouse.example.test/alerts?alert=alert-1',
  kind: 'release-failed',
  environment: 'prod',
  application: 'podinfo',
  openedAt: now,
}
const recovered: Message = {
  ...message,
  state: 'recovered',
  title: 'Recovered: podinfo-prod failed',
  nextStep: undefined,
}

const notifier = (insideHosts = ['127.0.0.1']) =>
  createNotifier({
    insideHosts,
    clock: { now: () => now },
    slackApi: `${server.url}/api`,
    pagerDuty: server.url,
  })

const channels: Record<SenderConfig['kind'], () => { config: SenderConfig; secrets: ChannelSecrets }> = {
  slack: () => ({ config: { kind: 'slack' }, secrets: { url: `${server.url}/services/T/B/secret` } }),
  'slack-app': () => ({ config: { kind: 'slack-app', channel: 'C1' }, secrets: { token: 'xoxb-right' } }),
  teams: () => ({ config: { kind: 'teams' }, secrets: { url: `${server.url}/workflows/abc?sig=secret` } }),
  discord: () => ({ config: { kind: 'discord' }, secrets: { url: `${server.url}/api/webhooks/42/secret-token` } }),
  pagerduty: () => ({ config: { kind: 'pagerduty', region: 'us' }, secrets: { routingKey: 'k'.repeat(32) } }),
  email: () => ({
    config: { kind: 'email', port: mail.port, tls: 'none', from: 'wheelhouse@example.test', to: ['ops@example.test'] },
    secrets: {},
  }),
  webhook: () => ({ config: { kind: 'webhook' }, secrets: { url: `${server.url}/hook`, signingKey: 'a signing key' } }),
}
const open = (kind: SenderConfig['kind'], more: Partial<OpenChannel> = {}): OpenChannel => ({
  host: '127.0.0.1',
  ...channels[kind](),
  ...more,
})
const overHttp = (Object.keys(channels) as SenderConfig['kind'][]).filter((kind) => kind !== 'email')
const last = () => server.received.at(-1)

describe('every channel', () => {
  it.each(Object.keys(channels) as SenderConfig['kind'][])('%s takes a message', async (kind) => {
    expect(await notifier().send(open(kind), message)).toMatchObject({ kind: 'sent' })
    expect(server.received.length + mail.mails.length).toBe(1)
  })

  it.each(overHttp)('%s that asks for patience is left alone for as long', async (kind) => {
    server.fault = { status: 429, headers: { 'retry-after': '30' }, body: '{}' }
    expect(await notifier().send(open(kind), message)).toMatchObject({ kind: 'later', afterMs: 30_000 })
  })

  it.each(overHttp)('%s that fails for now is tried again', async (kind) => {
    server.fault = { status: 503 }
    expect(await notifier().send(open(kind), message)).toMatchObject({ kind: 'later' })
  })

  it.each(overHttp)('%s that refuses is not, and its secret is not told', async (kind) => {
    server.fault = { status: 403, body: 'no' }
    const sent = await notifier().send(open(kind), message)
    expect(sent).toEqual({ kind: 'refused', reason: expect.stringMatching(/^127\.0\.0\.1 answered 403/) as string })
    expect(JSON.stringify(sent)).not.toContain('secret')
  })

  it.each(overHttp)('%s takes nothing along with a redirect', async (kind) => {
    server.fault = { status: 302, headers: { location: `${server.url}/hook` }, times: 1 }
    expect(await notifier().send(open(kind), message)).toMatchObject({ kind: 'refused' })
    expect(server.received).toEqual([])
  })

  it.each(Object.keys(channels) as SenderConfig['kind'][])(
    '%s of the inside is refused unless allowed',
    async (kind) => {
      expect(await notifier([]).send(open(kind), message)).toMatchObject({ kind: 'refused' })
      expect(server.asked + mail.mails.length).toBe(0)
    },
  )

  it('that is not there may be later', async () => {
    await server.close()
    expect(await notifier().send(open('webhook'), message)).toMatchObject({ kind: 'later' })
    server = await startNotifyReceivers()
  })
})

describe('Slack', () => {
  it('shows what others wrote as text, in which nobody is called', async () => {
    await notifier().send(open('slack'), message)
    const { text, attachments } = (last()?.body ?? {}) as {
      text: string
      attachments: { blocks: { type: string; text: { type: string } }[] }[]
    }
    expect(text).toContain('&lt;!channel&gt;')
    const types = attachments[0]?.blocks.flatMap((block) => (block.text ? [block.text.type] : []))
    expect(new Set(types)).toEqual(new Set(['plain_text']))
  })

  it('edits by its app what it said', async () => {
    const sent = await notifier().send(open('slack-app'), message)
    if (sent.kind !== 'sent' || !sent.handle) throw new Error('nothing to edit')
    expect(await notifier().update(open('slack-app'), sent.handle, recovered)).toMatchObject({ kind: 'sent' })
    expect(server.messages.size).toBe(1)
    expect(JSON.stringify([...server.messages.values()])).toContain('Recovered: podinfo-prod failed')
  })

  const answers: [label: string, channel: () => OpenChannel, kind: string, says: string][] = [
    ['a wrong token', () => open('slack-app', { secrets: { token: 'xoxb-wrong' } }), 'refused', 'invalid_auth'],
    [
      'another channel',
      () => open('slack-app', { config: { kind: 'slack-app', channel: 'C9' } }),
      'refused',
      'channel_not_found',
    ],
  ]
  it.each(answers)('says what is wrong with %s', async (_label, channel, kind, says) => {
    expect(await notifier().send(channel(), message)).toEqual({ kind, reason: expect.stringContaining(says) as string })
  })

  it('tells that a message to edit is gone', async () => {
    const sent = await notifier().update(open('slack-app'), { ts: '1.2', channel: 'C1' }, message)
    expect(sent).toMatchObject({ kind: 'lost' })
  })
})

describe('Discord', () => {
  it('edits what it said, and calls nobody', async () => {
    const sent = await notifier().send(open('discord'), message)
    expect(last()?.body['allowed_mentions']).toEqual({ parse: [] })
    if (sent.kind !== 'sent' || !sent.handle) throw new Error('nothing to edit')
    expect(await notifier().update(open('discord'), sent.handle, recovered)).toMatchObject({ kind: 'sent' })
    expect([last()?.method, server.messages.size]).toEqual(['PATCH', 1])
  })

  it('keeps the thread of its address', async () => {
    const url = `${server.url}/api/webhooks/42/secret-token?thread_id=7`
    const sent = await notifier().send(open('discord', { secrets: { url } }), message)
    if (sent.kind !== 'sent' || !sent.handle) throw new Error('nothing to edit')
    await notifier().update(open('discord', { secrets: { url } }), sent.handle, recovered)
    expect(last()?.path).toBe('/api/webhooks/42/secret-token/messages/901?thread_id=7')
  })

  it('tells that a message to edit is gone', async () => {
    expect(await notifier().update(open('discord'), { id: '1' }, message)).toMatchObject({ kind: 'lost' })
  })
})

describe('PagerDuty', () => {
  it.each([
    ['open', 'trigger'],
    ['acknowledged', 'acknowledge'],
    ['recovered', 'resolve'],
  ] as const)('%s: %s, of the same incident there', async (state, action) => {
    await notifier().send(open('pagerduty'), { ...message, state })
    expect(last()?.body).toMatchObject({ event_action: action, dedup_key: 'wheelhouse-alert-1' })
  })

  it('pages nobody for longer than a test takes', async () => {
    await notifier().send(open('pagerduty'), { ...message, state: 'test' })
    expect(server.received.map(({ body }) => body['event_action'])).toEqual(['trigger', 'resolve'])
  })

  it('says what is wrong with a key', async () => {
    const sent = await notifier().send(open('pagerduty', { secrets: { routingKey: 'short' } }), message)
    expect(sent).toEqual({ kind: 'refused', reason: expect.stringContaining('routing_key') as string })
  })
})

describe('a webhook', () => {
  it('is signed, and tells the same state under the same id', async () => {
    await notifier().send(open('webhook'), message)
    await notifier().send(open('webhook'), message)
    const [first, second] = server.received
    if (!first) throw new Error('nothing came')
    const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': signature } = first.headers
    const expected = createHmac('sha256', 'a signing key').update(`${id}.${at}.${first.text}`).digest('base64')
    expect(signature).toBe(`v1,${expected}`)
    expect(second?.headers['webhook-id']).toBe(id)
    expect(first.body).toMatchObject({ type: 'alert.open', alert: 'alert-1', environment: 'prod' })
  })
})

describe('e-mail', () => {
  it('follows in the thread of the first message', async () => {
    const sent = await notifier().send(open('email'), message)
    if (sent.kind !== 'sent') throw new Error('not sent')
    await notifier().send(open('email'), recovered, sent.handle)
    const [first, second] = mail.mails
    expect(first).toMatchObject({ from: 'wheelhouse@example.test', to: ['ops@example.test'] })
    const id = /^Message-ID: (.*)$/im.exec(first?.data ?? '')?.[1]
    expect(id).toBe('<alert-1-open@example.test>')
    expect(second?.data).toMatch(new RegExp(`^In-Reply-To: ${id}$`, 'im'))
  })

  it.each([
    ['550 5.1.1 no such user', 'refused'],
    ['451 4.3.0 later', 'later'],
  ])('that is answered %s is %s', async (refusal, kind) => {
    mail.refusal = refusal
    expect(await notifier().send(open('email'), message)).toMatchObject({ kind })
  })

  it('adds no header of what others wrote', async () => {
    await notifier().send(open('email'), { ...message, title: 'a\r\nBcc: eve@example.test' })
    expect(mail.mails[0]?.data).not.toMatch(/^Bcc:/im)
    expect(mail.mails[0]?.to).toEqual(['ops@example.test'])
  })
})
