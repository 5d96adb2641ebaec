import { createHmac } from 'node:crypto'
import type { Message } from '../../core/notification/index.ts'
import type { OpenChannel, Sent } from '../../ports/notifier.ts'
import { excerpt, failureOf } from './answer.ts'
import { postJson, type NotifyOptions } from './call.ts'

/**
 * `v1,<base64>` of HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks). A key that begins with `whsec_` is base64, any
 * other is taken as it is.
 */
function signatureOf(key: string, id: string, timestamp: string, body: string): string {
  const secret = key.startsWith('whsec_') ? Buffer.from(key.slice(6), 'base64') : Buffer.from(key)
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** The same state of the same incident has the same `webhook-id`: who has seen it may leave it. */
export async function sendToWebhook(
  options: NotifyOptions,
  { host, secrets }: OpenChannel,
  message: Message,
): Promise<Sent> {
  const { about, ...rest } = message
  const body = JSON.stringify({ type: `alert.${message.state}`, alert: about, ...rest })
  const id = `${about}-${message.state}`
  const timestamp = String(Math.floor(options.clock.now() / 1000))
  const signed: Record<string, string> = secrets.signingKey
    ? { 'webhook-signature': signatureOf(secrets.signingKey, id, timestamp, body) }
    : {}
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, ...signed }
  const posted = await postJson(options, secrets.url ?? '', body, { headers })
  if (posted.status < 200 || posted.status > 299) return failureOf(host, posted, options.clock.now())
  return { kind: 'sent', answer: excerpt(posted) }
}
