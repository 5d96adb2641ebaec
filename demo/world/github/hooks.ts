import { createHmac, randomUUID } from 'node:crypto'

export interface HookRegistration {
  url: string
  secret: string
  /** Absent = every event. */
  events?: string[]
}

/** How deliveries travel; absent = each at once, once. */
export interface Mail {
  /** Share of deliveries that are lost, 0 to 1; GitHub lists them as failed and does not try again. */
  dropShare?: number
  /** How often each of the others is sent. */
  copies?: number
  /** Each copy waits for a time at random up to so many milliseconds, which shuffles them. */
  shuffleMs?: number
  /** From 0 up to 1. */
  random?: () => number
}

export interface Attempt {
  id: number
  guid: string
  /** ISO 8601. */
  deliveredAt: string
  isRedelivery: boolean
  event: string
  action: string | null
  /** 0 = nothing answered. */
  status: number
  hook: number
}

const timeoutMs = 10_000

/** The webhooks of the repository, or of the App: signed, and with a list of every attempt. */
export class Hooks {
  /** Exchange it to make deliveries get lost, come several times, or out of order. */
  mail: Mail = {}
  readonly attempts: Attempt[] = []
  readonly registered: readonly HookRegistration[]
  readonly #bodies = new Map<string, string>()
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(registered: readonly HookRegistration[]) {
    this.registered = registered
  }

  emit(event: string, payload: { action?: string } & Record<string, unknown>): void {
    for (const [hook, { events }] of this.registered.entries()) {
      if (events && !events.includes(event)) continue
      const guid = randomUUID()
      this.#bodies.set(guid, JSON.stringify(payload))
      this.#post({ guid, event, action: payload.action ?? null, hook }, this.mail)
    }
  }

  /** False where there is no such attempt. */
  redeliver(id: number): boolean {
    const attempt = this.attempts.find((candidate) => candidate.id === id)
    if (attempt) this.#track(this.#send(attempt, true))
    return attempt !== undefined
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  #post(delivery: Delivery, { dropShare = 0, copies = 1, shuffleMs = 0, random = Math.random }: Mail): void {
    if (random() < dropShare) return void this.#note(delivery, false, 0)
    for (let copy = 0; copy < copies; copy += 1) {
      const waited = new Promise((resolve) => setTimeout(resolve, random() * shuffleMs))
      this.#track(shuffleMs > 0 ? waited.then(() => this.#send(delivery, false)) : this.#send(delivery, false))
    }
  }

  async #send(delivery: Delivery, isRedelivery: boolean): Promise<void> {
    const { url, secret } = this.registered[delivery.hook] ?? { url: '', secret: '' }
    const body = this.#bodies.get(delivery.guid) ?? ''
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/test',
      'x-github-delivery': delivery.guid,
      'x-github-event': delivery.event,
      'x-github-hook-id': String(delivery.hook + 1),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }
    const status = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) }).then(
      async (answer) => {
        await answer.body?.cancel()
        return answer.status
      },
      () => 0,
    )
    this.#note(delivery, isRedelivery, status)
  }

  #note({ guid, event, action, hook }: Delivery, isRedelivery: boolean, status: number): void {
    const deliveredAt = new Date().toISOString()
    this.attempts.push({ id: this.attempts.length + 1, guid, event, action, hook, deliveredAt, isRedelivery, status })
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#underWay.delete(tracked))
    this.#underWay.add(tracked)
  }
}

type Delivery = Pick<Attempt, 'guid' | 'event' | 'action' | 'hook'>
