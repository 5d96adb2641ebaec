import { z } from 'zod'
import type { Message } from '../../core/notification/index.ts'
import type { Handle, OpenChannel, Sent } from '../../ports/notifier.ts'
import { excerpt, failureOf } from './answer.ts'
import { jsonOf, postJson, type NotifyOptions } from './call.ts'
import { slackBody } from './slack-blocks.ts'

/** An incoming webhook answers `ok`, or a word that says what is wrong, with a status of 4xx. */
export async function sendToSlackHook(options: NotifyOptions, channel: OpenChannel, message: Message): Promise<Sent> {
  const posted = await postJson(options, channel.secrets.url ?? '', slackBody(message))
  if (posted.status !== 200) return failureOf(channel.host, posted, options.clock.now())
  return { kind: 'sent', answer: excerpt(posted) }
}

const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  ts: z.string().optional(),
  channel: z.string().optional(),
})

/** These pass by themselves (docs: chat.postMessage, errors). */
const passing = new Set(['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable'])
const gone = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'])

/** chat.postMessage, or chat.update where there is a handle. Both answer 200 with `ok: false` for what they refuse. */
export async function sendToSlackApp(
  options: NotifyOptions,
  channel: OpenChannel,
  message: Message,
  handle?: Handle,
): Promise<Sent> {
  const { config, secrets, host } = channel
  if (config.kind !== 'slack-app') throw new Error('not a channel of a Slack app')
  const method = handle ? 'chat.update' : 'chat.postMessage'
  const place = handle ? { channel: handle.channel, ts: handle.ts } : { channel: config.channel }
  const posted = await postJson(
    options,
    `${options.slackApi ?? 'https://slack.com/api'}/${method}`,
    { ...place, ...slackBody(message) },
    { headers: { authorization: `Bearer ${secrets.token ?? ''}` } },
  )
  if (posted.status !== 200) return failureOf(host, posted, options.clock.now())
  const answer = Answer.safeParse(jsonOf(posted)).data
  if (!answer) return { kind: 'later', reason: `${host} gave an answer that cannot be read` }
  const { ok, error = 'no reason', ts, channel: id } = answer
  if (!ok && passing.has(error)) return { kind: 'later', reason: `${host} answered ${error}` }
  if (!ok && handle && gone.has(error)) return { kind: 'lost', reason: `${host} answered ${error}` }
  if (!ok) return { kind: 'refused', reason: `${host} answered ${error}` }
  return { kind: 'sent', answer: 'ok', handle: ts && id ? { ts, channel: id } : undefined }
}
