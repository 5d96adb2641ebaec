import type { ChannelSecrets, Message, SenderConfig } from '../core/notification/index.ts'

/** A channel with its secrets, as only the worker has it. */
export interface OpenChannel {
  /** Of `url`, the mail server, or the vendor. */
  host: string
  config: SenderConfig
  secrets: ChannelSecrets
}

/** By what a message is found again; JSON, kept with the delivery. */
export type Handle = Record<string, string>

export type Sent =
  /** `handle` absent = it cannot be edited or answered. */
  | { kind: 'sent'; handle?: Handle; answer: string }
  /** It may work later. `afterMs`: milliseconds that the other side asks to wait. */
  | { kind: 'later'; afterMs?: number; reason: string }
  /** It will not work until the channel is set up differently. */
  | { kind: 'refused'; reason: string }
  /** The message that was to be edited is gone. */
  | { kind: 'lost'; reason: string }

/**
 * Tells people in the form of their channel. Whatever the other side does is an answer, never thrown; reasons hold no
 * secrets, and of addresses no more than the host.
 */
export interface Notifier {
  /** `previous`: what the first message of this incident left, for one that follows it. */
  send(channel: OpenChannel, message: Message, previous?: Handle): Promise<Sent>
  /** In place of what was said; of channels that can (`followUps` says `edits`). */
  update(channel: OpenChannel, handle: Handle, message: Message): Promise<Sent>
  /** Calls an address, which says that Wheelhouse is alive. */
  beat(url: string): Promise<Sent>
}
