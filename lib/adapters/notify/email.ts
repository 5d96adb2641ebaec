import { createTransport } from 'nodemailer'
import { plainText, type Message } from '../../core/notification/index.ts'
import type { Handle, OpenChannel, Sent } from '../../ports/notifier.ts'
import { publicAddress } from '../outbound-http/index.ts'
import type { NotifyOptions } from './call.ts'

const timeoutMs = 15_000

/** SMTP by nodemailer. What follows a message stands in its thread. */
export async function sendEmail(
  options: NotifyOptions,
  { host, config, secrets }: OpenChannel,
  message: Message,
  previous?: Handle,
): Promise<Sent> {
  if (config.kind !== 'email') throw new Error('not a channel by e-mail')
  const transport = createTransport({
    host: await publicAddress(host, options.insideHosts),
    port: config.port,
    secure: config.tls === 'implicit',
    requireTLS: config.tls === 'starttls',
    ignoreTLS: config.tls === 'none',
    tls: { servername: host },
    auth: config.username === undefined ? undefined : { user: config.username, pass: secrets.password ?? '' },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const messageId = `<${message.about}-${message.state}@${config.from.split('@').at(-1) ?? 'wheelhouse'}>`
  try {
    const { response } = await transport.sendMail({
      from: { name: 'Wheelhouse', address: config.from },
      to: [...config.to],
      subject: message.title,
      text: plainText(message),
      messageId,
      ...(previous?.messageId ? { inReplyTo: previous.messageId, references: previous.messageId } : {}),
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { kind: 'sent', answer: response.slice(0, 200), handle: { messageId: previous?.messageId ?? messageId } }
  } catch (error) {
    return failureOfMail(host, error)
  } finally {
    transport.close()
  }
}

/** Replies of 4xx pass by themselves, those of 5xx do not (RFC 5321 §4.2.1); without a reply the server was not there. */
function failureOfMail(host: string, error: unknown): Sent {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  const said = responseCode === undefined ? (code ?? 'no answer') : `${responseCode}`
  const reason = `${host} did not take the message (${said}${code && code !== said ? `, ${code}` : ''})`
  const refused = (responseCode !== undefined && responseCode >= 500) || code === 'EAUTH' || code === 'ETLS'
  return { kind: refused ? 'refused' : 'later', reason }
}
