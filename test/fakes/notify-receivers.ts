import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
  /** As it came. */
  text: string
}

/** What the server says instead, for the next requests. */
export interface Fault {
  status: number
  headers?: Record<string, string>
  body?: string
  /** Without it until `fault` is taken away. */
  times?: number
  /** Of which requests; without it of all. */
  of?: (text: string) => boolean
}

/** One address at which each vendor's receiver answers as its published contract says. */
export interface NotifyReceivers {
  /** `http://127.0.0.1:<port>`. */
  url: string
  /** What was taken, not what was refused by `fault`. */
  received: Received[]
  asked: number
  fault: Fault | undefined
  /** Slack messages by `ts`, Discord messages by id: as they stand now. */
  messages: Map<string, Record<string, unknown>>
  close(): Promise<void>
}

export async function startNotifyReceivers(): Promise<NotifyReceivers> {
  const state: NotifyReceivers = {
    url: '',
    received: [],
    asked: 0,
    fault: undefined,
    messages: new Map(),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
  const server: Server = createServer((request, response) => void receive(state, request, response))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return state
}

async function receive(state: NotifyReceivers, request: IncomingMessage, response: ServerResponse) {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  state.asked += 1
  const { fault } = state
  if (fault && (fault.of?.(text) ?? true)) {
    if (fault.times !== undefined && (fault.times -= 1) <= 0) state.fault = undefined
    response.writeHead(fault.status, fault.headers).end(fault.body)
    return
  }
  const body = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>
  const received = {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers as never,
    body,
    text,
  }
  const [status, answer] = answerTo(state, received)
  if (status < 300) state.received.push(received)
  response
    .writeHead(status, { 'content-type': typeof answer === 'string' ? 'text/plain' : 'application/json' })
    .end(typeof answer === 'string' ? answer : JSON.stringify(answer))
}

type Answer = [status: number, body: string | Record<string, unknown>]

function answerTo(state: NotifyReceivers, received: Received): Answer {
  const { path } = received
  if (path.startsWith('/services/')) return slackHook(received)
  if (path.startsWith('/api/chat.')) return slackApp(state, received)
  if (path.startsWith('/api/webhooks/')) return discord(state, received)
  if (path === '/v2/enqueue') return pagerDuty(received)
  if (path.startsWith('/workflows/')) return teams(received)
  return path.startsWith('/hook') ? [204, ''] : [404, 'no_service']
}

/** docs.slack.dev, "Sending messages using incoming webhooks": `ok`, or 400 `invalid_payload` and the like. */
function slackHook({ method, body }: Received): Answer {
  if (method !== 'POST') return [405, 'method_not_allowed']
  return typeof body['text'] === 'string' && body['text'] !== '' ? [200, 'ok'] : [400, 'no_text']
}

/** docs.slack.dev, chat.postMessage and chat.update: 200 with `ok`, whatever it is. */
function slackApp(state: NotifyReceivers, { path, headers, body }: Received): Answer {
  const { messages } = state
  if (headers['authorization'] !== 'Bearer xoxb-right') return [200, { ok: false, error: 'invalid_auth' }]
  const channel = body['channel']
  if (path === '/api/chat.postMessage') {
    if (channel !== 'C1') return [200, { ok: false, error: 'channel_not_found' }]
    const ts = `1700000000.${String(messages.size + 1).padStart(6, '0')}`
    messages.set(ts, body)
    return [200, { ok: true, channel, ts, message: {} }]
  }
  const ts = String(body['ts'])
  if (!messages.has(ts)) return [200, { ok: false, error: 'message_not_found' }]
  messages.set(ts, body)
  return [200, { ok: true, channel, ts, text: body['text'] }]
}

/** discord.com/developers, "Execute Webhook": 204, with `wait` the message; "Edit Webhook Message": the message. */
function discord(state: NotifyReceivers, { method, path, body }: Received): Answer {
  const url = new URL(path, 'http://discord')
  const [, , , id, token, , message] = url.pathname.split('/')
  if (id !== '42' || token !== 'secret-token') return [404, { message: 'Unknown Webhook', code: 10_015 }]
  if (!Array.isArray(body['embeds'])) return [400, { message: 'Cannot send an empty message', code: 50_006 }]
  if (method === 'PATCH') {
    if (!message || !state.messages.has(message)) return [404, { message: 'Unknown Message', code: 10_008 }]
    state.messages.set(message, body)
    return [200, { id: message }]
  }
  const made = `90${state.messages.size + 1}`
  state.messages.set(made, body)
  return url.searchParams.get('wait') === 'true' ? [200, { id: made }] : [204, '']
}

/** developer.pagerduty.com, "Send an Alert Event": 202 with the dedup key, 400 with what is wrong. */
function pagerDuty({ body }: Received): Answer {
  const errors: string[] = []
  const action = String(body['event_action'])
  if (String(body['routing_key']).length !== 32) errors.push("'routing_key' is missing or blank")
  if (!['trigger', 'acknowledge', 'resolve'].includes(action)) errors.push("'event_action' is invalid")
  const payload = (body['payload'] ?? {}) as Record<string, unknown>
  const severities = ['critical', 'error', 'warning', 'info']
  if (action === 'trigger' && (!payload['summary'] || !payload['source'])) errors.push("'payload' is incomplete")
  if (action === 'trigger' && !severities.includes(String(payload['severity']))) errors.push("'severity' is invalid")
  if (errors.length > 0) return [400, { status: 'invalid event', message: 'Event object is invalid', errors }]
  return [202, { status: 'success', message: 'Event processed', dedup_key: body['dedup_key'] }]
}

/** learn.microsoft.com, "Create incoming webhooks with Workflows": 202 for a message with an adaptive card. */
function teams({ body }: Received): Answer {
  const [card] = (body['attachments'] ?? []) as { contentType?: string; content?: { type?: string } }[]
  const isCard =
    card?.contentType === 'application/vnd.microsoft.card.adaptive' && card.content?.type === 'AdaptiveCard'
  return body['type'] === 'message' && isCard ? [202, ''] : [400, { error: { code: 'TriggerInputSchemaMismatch' } }]
}
