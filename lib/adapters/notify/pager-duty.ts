import type { Message } from '../../core/notification/index.ts'
import type { OpenChannel, Sent } from '../../ports/notifier.ts'
import { excerpt, failureOf } from './answer.ts'
import { cut, postJson, type NotifyOptions } from './call.ts'

const actions = { open: 'trigger', acknowledged: 'acknowledge', recovered: 'resolve', test: 'trigger' } as const
const hosts = { us: 'events.pagerduty.com', eu: 'events.eu.pagerduty.com' } as const

function bodyOf(message: Message, routingKey: string): Record<string, unknown> {
  const { about, state, severity, title, detail, nextStep, link, kind, environment, application, openedAt } = message
  return {
    routing_key: routingKey,
    event_action: actions[state],
    // One incident there for one here, however often it is told.
    dedup_key: `wheelhouse-${about}`,
    payload: {
      summary: cut(title, 1024),
      source: 'wheelhouse',
      severity: state === 'test' ? 'info' : severity === 'critical' ? 'critical' : 'warning',
      timestamp: new Date(openedAt).toISOString(),
      component: application,
      group: environment,
      class: kind,
      custom_details: { detail: cut(detail, 20_000), next: nextStep },
    },
    links: [{ href: link, text: 'Open in Wheelhouse' }],
    client: 'Wheelhouse',
    client_url: link,
  }
}

/** Events API v2 (docs: "Send an Alert Event"): 202 for what it took, 400 for what is no event, 429 for too much. */
export async function sendToPagerDuty(
  options: NotifyOptions,
  { host, config, secrets }: OpenChannel,
  message: Message,
): Promise<Sent> {
  if (config.kind !== 'pagerduty') throw new Error('not a channel of PagerDuty')
  const base = options.pagerDuty ?? `https://${hosts[config.region]}`
  const body = bodyOf(message, secrets.routingKey ?? '')
  const posted = await postJson(options, `${base}/v2/enqueue`, body)
  if (posted.status !== 202) return failureOf(host, posted, options.clock.now())
  // A test is over when it has arrived: nobody is to be paged by it.
  if (message.state === 'test') await postJson(options, `${base}/v2/enqueue`, { ...body, event_action: 'resolve' })
  return { kind: 'sent', answer: excerpt(posted) }
}
