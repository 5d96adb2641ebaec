import type { Message } from '../../core/notification/index.ts'
import { cut } from './call.ts'

/** Slack reads these three as its own marks (docs: Formatting text for app surfaces, "Escaping text"). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const colors = { critical: '#b3261e', warning: '#b7791f', recovered: '#2e7d4f', test: '#6b7280' } as const

export const colorOf = ({ state, severity }: Message): string =>
  state === 'recovered' || state === 'test' ? colors[state] : colors[severity]

const plain = (text: string, length: number) => ({ type: 'plain_text', text: cut(text, length), emoji: false })

/** What others wrote is plain text, in which nobody can be called by `<!channel>`. Limits: Block Kit reference. */
export function slackBody(message: Message): Record<string, unknown> {
  const { title, detail, nextStep, facts, link } = message
  const blocks = [
    { type: 'header', text: plain(title, 150) },
    { type: 'section', text: plain(detail === '' ? title : detail, 3000) },
    ...(nextStep === undefined ? [] : [{ type: 'section', text: plain(`Next: ${nextStep}`, 3000) }]),
    {
      type: 'context',
      elements: [
        ...facts.slice(0, 9).map(({ name, value }) => plain(`${name}: ${value}`, 300)),
        { type: 'mrkdwn', text: `<${escaped(link)}|Open in Wheelhouse>` },
      ],
    },
  ]
  return {
    // What a phone shows, and a reader of screens reads.
    text: escaped(cut(`${title}. ${detail}`, 2000)),
    attachments: [{ color: colorOf(message), blocks }],
    unfurl_links: false,
    unfurl_media: false,
  }
}
