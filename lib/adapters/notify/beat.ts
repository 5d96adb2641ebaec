import type { Sent } from '../../ports/notifier.ts'
import { excerpt, failureOf } from './answer.ts'
import { getText, type NotifyOptions } from './call.ts'

/** A GET, as services that miss it want it (healthchecks.io, Uptime Kuma, Better Stack). */
export async function beat(options: NotifyOptions, url: string): Promise<Sent> {
  const posted = await getText(options, url)
  if (posted.status < 200 || posted.status > 299) return failureOf(new URL(url).host, posted, options.clock.now())
  return { kind: 'sent', answer: excerpt(posted) }
}
