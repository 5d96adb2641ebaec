import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface SmtpServer {
  port: number
  /** Whole messages as they came, envelopes first. */
  mails: { from: string; to: string[]; data: string }[]
  /** What it says to RCPT instead of taking it, such as `550 5.1.1 no such user`. */
  refusal: string | undefined
  close(): Promise<void>
}

/** As much of RFC 5321 as sending a message takes, without TLS and without names. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const state: SmtpServer = {
    port: 0,
    mails: [],
    refusal: undefined,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
  const server = createServer((socket) => converse(state, socket))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  state.port = (server.address() as AddressInfo).port
  return state
}

function converse(state: SmtpServer, socket: Socket) {
  const say = (line: string) => void socket.write(`${line}\r\n`)
  let mail = { from: '', to: [] as string[], data: '' }
  let inData = false
  let rest = ''
  say('220 mail.example.test ESMTP')
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('utf8')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (inData && line === '.') {
        inData = false
        state.mails.push(mail)
        mail = { from: '', to: [], data: '' }
        say('250 2.0.0 queued')
      } else if (inData) mail.data += `${line.replace(/^\./, '')}\n`
      else if (/^(EHLO|HELO)/i.test(line)) say('250 mail.example.test')
      else if (/^MAIL FROM:/i.test(line)) {
        mail.from = addressIn(line)
        say('250 2.1.0 ok')
      } else if (/^RCPT TO:/i.test(line)) {
        if (state.refusal === undefined) mail.to.push(addressIn(line))
        say(state.refusal ?? '250 2.1.5 ok')
      } else if (/^DATA/i.test(line)) {
        inData = true
        say('354 go on')
      } else if (/^QUIT/i.test(line)) {
        say('221 bye')
        socket.end()
      } else say('250 ok')
    }
  })
}

const addressIn = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? ''
