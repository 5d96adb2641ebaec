import { z } from 'zod'
import type { Message } from '../../core/notification/index.ts'
import type { Handle, OpenChannel, Sent } from '../../ports/notifier.ts'
import { excerpt, failureOf } from './answer.ts'
import { cut, jsonOf, postJson, type NotifyOptions } from './call.ts'
import { colorOf } from './slack-blocks.ts'

/** Limits: docs, "Message Create", embeds. Nobody is called by what others wrote. */
function bodyOf(message: Message): Record<string, unknown> {
  const { title, detail, nextStep, facts, link, openedAt } = message
  const fields = facts.map(({ name, value }) => ({ name, value: cut(value, 1024), inline: true }))
  const next = nextStep === undefined ? [] : [{ name: 'Next', value: cut(nextStep, 1024) }]
  const embed = {
    title: cut(title, 256),
    description: cut(literal(detail), 4000),
    url: link,
    color: Number.parseInt(colorOf(message).slice(1), 16),
    fields: [...next, ...fields].slice(0, 25),
    timestamp: new Date(openedAt).toISOString(),
  }
  return { embeds: [embed], allowed_mentions: { parse: [] } }
}

/** Discord reads Markdown: links in it would hide where they lead. */
const literal = (text: string): string => text.replaceAll(/[\\*_~`|>[\]()#-]/g, String.raw`\$&`)

const Answer = z.object({ id: z.string() })
const Limited = z.object({ retry_after: z.number() })

/** Posts with `wait`, which is what makes it answer the message's id; edits by PATCH. */
export async function sendToDiscord(
  options: NotifyOptions,
  { host, secrets }: OpenChannel,
  message: Message,
  handle?: Handle,
): Promise<Sent> {
  const url = new URL(secrets.url ?? '')
  if (handle) url.pathname = `${url.pathname.replace(/\/$/, '')}/messages/${handle.id}`
  else url.searchParams.set('wait', 'true')
  const posted = await postJson(options, url.href, bodyOf(message), { method: handle ? 'PATCH' : 'POST' })
  const said = jsonOf(posted)
  if (posted.status === 429) {
    const seconds = Limited.safeParse(said).data?.retry_after
    const failure = failureOf(host, posted, options.clock.now())
    return failure.kind === 'later' && seconds !== undefined
      ? { ...failure, afterMs: Math.ceil(seconds * 1000) }
      : failure
  }
  // 10008 = Unknown Message; a webhook that is gone says 10015.
  if (handle && posted.status === 404 && /"code":\s*10008\b/.test(posted.text))
    return { kind: 'lost', reason: `${host} answered ${excerpt(posted)}` }
  if (posted.status < 200 || posted.status > 299) return failureOf(host, posted, options.clock.now())
  const id = Answer.safeParse(said).data?.id
  return { kind: 'sent', answer: String(posted.status), handle: id === undefined ? handle : { id } }
}
