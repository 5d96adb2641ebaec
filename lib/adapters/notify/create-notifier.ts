import type { Message } from '../../core/notification/index.ts'
import type { Handle, Notifier, OpenChannel, Sent } from '../../ports/notifier.ts'
import { faultOf } from './answer.ts'
import type { NotifyOptions } from './call.ts'
import { beat } from './beat.ts'
import { sendToDiscord } from './discord.ts'
import { sendEmail } from './email.ts'
import { sendToPagerDuty } from './pager-duty.ts'
import { sendToSlackApp, sendToSlackHook } from './slack.ts'
import { sendToTeams } from './teams.ts'
import { sendToWebhook } from './webhook.ts'

/** Tells people by whatever channel they chose. */
export function createNotifier(options: NotifyOptions): Notifier {
  return {
    send: (channel, message, previous) => answered(() => send(options, channel, message, previous)),
    update: (channel, handle, message) => answered(() => update(options, channel, handle, message)),
    beat: (url) => answered(() => beat(options, url)),
  }
}

async function answered(work: () => Promise<Sent>): Promise<Sent> {
  try {
    return await work()
  } catch (error) {
    return faultOf(error)
  }
}

async function send(options: NotifyOptions, channel: OpenChannel, message: Message, previous?: Handle): Promise<Sent> {
  switch (channel.config.kind) {
    case 'slack':
      return sendToSlackHook(options, channel, message)
    case 'slack-app':
      return sendToSlackApp(options, channel, message)
    case 'teams':
      return sendToTeams(options, channel, message)
    case 'discord':
      return sendToDiscord(options, channel, message)
    case 'pagerduty':
      return sendToPagerDuty(options, channel, message)
    case 'email':
      return sendEmail(options, channel, message, previous)
    case 'webhook':
      return sendToWebhook(options, channel, message)
  }
}

async function update(options: NotifyOptions, channel: OpenChannel, handle: Handle, message: Message): Promise<Sent> {
  switch (channel.config.kind) {
    case 'slack-app':
      return sendToSlackApp(options, channel, message, handle)
    case 'discord':
      return sendToDiscord(options, channel, message, handle)
    default:
      throw new Error(`${channel.config.kind} cannot edit what it said`)
  }
}
