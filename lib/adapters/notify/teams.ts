import type { Message } from '../../core/notification/index.ts'
import type { OpenChannel, Sent } from '../../ports/notifier.ts'
import { excerpt, failureOf } from './answer.ts'
import { cut, postJson, type NotifyOptions } from './call.ts'

const colors = { critical: 'Attention', warning: 'Warning', recovered: 'Good', test: 'Default' } as const

/** Text blocks read some Markdown: what others wrote is to stand as it is. */
const literal = (text: string): string => text.replaceAll(/[\\*_[\]()#`]/g, String.raw`\$&`)

/** An adaptive card in the envelope of the workflow "Post to a channel when a webhook request is received". */
function bodyOf(message: Message): Record<string, unknown> {
  const { title, detail, nextStep, facts, link, state, severity } = message
  const color = colors[state === 'recovered' || state === 'test' ? state : severity]
  const text = (words: string, more: object = {}) => ({ type: 'TextBlock', text: literal(words), wrap: true, ...more })
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      text(cut(title, 300), { weight: 'Bolder', size: 'Medium', color }),
      text(cut(detail, 8000)),
      ...(nextStep === undefined ? [] : [text(`Next: ${cut(nextStep, 2000)}`)]),
      { type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: name, value: literal(cut(value, 300)) })) },
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Open in Wheelhouse', url: link }],
  }
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }
  return { type: 'message', attachments: [attachment] }
}

/** A workflow answers 202 before it has posted: whether it could is seen there alone. */
export async function sendToTeams(
  options: NotifyOptions,
  { host, secrets }: OpenChannel,
  message: Message,
): Promise<Sent> {
  const posted = await postJson(options, secrets.url ?? '', bodyOf(message))
  if (posted.status < 200 || posted.status > 299) return failureOf(host, posted, options.clock.now())
  return { kind: 'sent', answer: excerpt(posted) }
}
