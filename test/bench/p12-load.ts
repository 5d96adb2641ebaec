import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { processFacts } from './processes.ts'

export interface Target {
  url: string
  secret: string
}

/** Bytes of a push with the commits it usually has. */
const payloadBytes = 20_000

/** Sends signed pushes at an even rate, whatever became of those before; milliseconds from when each was due to its answer. */
export async function sendPushes(
  target: Target,
  { perSecond, count, name }: { perSecond: number; count: number; name: string },
) {
  // Each on a connection of its own, as of senders who have nothing to do with each other.
  const agent = new Agent({ keepAlive: false })
  const first = performance.now() + 100
  const sent = Array.from({ length: count }, async (_, index) => {
    const dueAt = first + (index * 1000) / perSecond
    await pause(dueAt - performance.now())
    const { status } = await post(target, agent, `${name}-${index}`, bodyOf(index))
    return { status, ms: performance.now() - dueAt }
  })
  const answers = await Promise.all(sent)
  agent.destroy()
  return answers
}

/** Many small commits rather than a long text: as much work to read as there is. */
const commits = Array.from({ length: payloadBytes / 125 }, (_, id) => ({
  id: String(id).padStart(40, '0'),
  message: 'Release podinfo',
  modified: ['releases/dev/podinfo.yaml'],
}))
const rest = JSON.stringify({ commits, repository: { full_name: 'acme/fleet' } }).slice(1)

const bodyOf = (index: number): string =>
  `{"ref":"refs/heads/main","after":"${index.toString(16).padStart(40, '0')}",${rest}`

function post({ url, secret }: Target, agent: Agent, delivery: string, body: string): Promise<{ status: number }> {
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-github-event': 'push',
    'x-github-delivery': delivery,
    'x-hub-signature-256': signature,
  }
  return new Promise((resolve) => {
    const sending = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0 }))
    })
    // Not acknowledged: the sender would count it as failed.
    sending.on('error', () => resolve({ status: 0 }))
    sending.end(body)
  })
}

/** Pushes a body of undeclared length for as long as it is taken; the most the process had meanwhile, in MiB above before. */
export async function sendEndless(url: string, pid: number, bytes: number) {
  const before = (await processFacts(pid))?.rssMiB ?? 0
  let most = before
  let over = false
  const watching = (async () => {
    while (!over) {
      most = Math.max(most, (await processFacts(pid))?.rssMiB ?? 0)
      await pause(20)
    }
  })()
  const piece = Buffer.alloc(65_536, 32)
  let [written, status] = [0, 0]
  await new Promise<void>((resolve) => {
    const sending = request(url, { method: 'POST', headers: { 'x-github-event': 'push' } }, (answer) => {
      status = answer.statusCode ?? 0
      answer.resume()
    })
    sending.on('error', () => resolve())
    sending.on('close', () => resolve())
    const more = () => {
      while (written < bytes) {
        written += piece.length
        if (!sending.write(piece)) return void sending.once('drain', more)
      }
      sending.end()
    }
    more()
  })
  over = true
  await watching
  return { status, writtenMiB: Math.round(written / 1024 / 1024), growthMiB: most - before }
}
