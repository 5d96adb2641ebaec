import { Fault } from '#lib/core/fault/index.ts'
import { webhookBinding } from '#lib/core/credential/index.ts'
import { redactText, textRedactor } from '#lib/core/redact/index.ts'
import { readDelivery, secretsInForce } from '#lib/core/webhook/index.ts'
import { takeDelivery } from '#lib/operations/request/take-delivery.ts'
import type { WebhookRecord } from '#lib/ports/store/index.ts'
import { provenBody } from './hook-proof.ts'
import { decodeBody, parseJson } from './read-body.ts'
import { isFault, json } from './respond.ts'
import type { RawGiven } from './route.ts'
import type { WebDeps } from './web-deps.ts'

/** Forged deliveries are all counted, but have a row once in this time. */
const refusalRestMs = 60_000

/** Headers that say something of a delivery and should hold no secret; what looks like one is masked. */
const keptHeaders = [
  'content-length',
  'content-type',
  'user-agent',
  'x-github-delivery',
  'x-github-event',
  'x-github-hook-id',
  'x-github-hook-installation-target-id',
  'x-github-hook-installation-target-type',
]

/** Takes a delivery: proven first, read then, written down, handed on by wake-ups; the sender does not wait for more. */
export async function takeHook({ deps, request, params }: RawGiven): Promise<Response> {
  const started = performance.now()
  const hook = await deps.store.getWebhook(String(params['hook']))
  if (!hook) throw new Fault('not-found', 'There is no such webhook.', { suggestion: 'Its page tells the address.' })
  try {
    return json({ accepted: true, verdict: await take(deps, hook, request, started) }, 202)
  } catch (error) {
    if (isFault(error) && ['unauthenticated', 'too-large', 'invalid'].includes(error.code))
      await refuse(deps, hook, request, started, error.message)
    throw error
  }
}

async function take(deps: WebDeps, hook: WebhookRecord, request: Request, started: number) {
  const secrets = secretsOf(deps, hook)
  const body = await provenBody(hook.kind, secrets, request)
  const payload = payloadOf(hook, request, body)
  const { event, told } = readDelivery(hook.kind, request.headers.get('x-github-event') ?? undefined, payload)
  const seen = seenOf(deps, hook, request, started, secrets)
  const kept = deps.keptPayload(payload, secrets)
  const decision = await takeDelivery(deps, { ...seen, event, told, size: body.length }, kept)
  return decision?.verdict.kind ?? 'duplicate'
}

function secretsOf(deps: WebDeps, { id, secret, previous, previousUntil }: WebhookRecord): string[] {
  return secretsInForce({ secret, previous, previousUntil }, deps.clock.now()).map((one) =>
    deps.decrypt(one, webhookBinding(id)),
  )
}

/** GitHub also sends forms, with the JSON in a field. Of any Git server only the sign counts. */
function payloadOf({ kind }: WebhookRecord, request: Request, body: Buffer): unknown {
  if (kind === 'git') return undefined
  const text = decodeBody(body)
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')
  return parseJson(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text)
}

function seenOf(deps: WebDeps, hook: WebhookRecord, { headers }: Request, started: number, secrets: string[]) {
  const redact = textRedactor(secrets)
  const kept = keptHeaders.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, redact(value).slice(0, 300)] as const]
  })
  const delivery = headers.get('x-github-delivery')?.slice(0, 100)
  return {
    id: deps.newId('dlv'),
    hook: hook.id,
    at: deps.clock.now(),
    durationMs: Math.round(performance.now() - started),
    headers: Object.fromEntries(kept),
    ...(delivery && { delivery }),
  }
}

/** The delivery's own name is not remembered: a forged one must not stand in the way of the true one. */
async function refuse(deps: WebDeps, hook: WebhookRecord, request: Request, started: number, because: string) {
  const secrets = secretsOf(deps, hook)
  const { delivery: _, ...seen } = seenOf(deps, hook, request, started, secrets)
  const event = redactText(request.headers.get('x-github-event') ?? '', secrets).slice(0, 100)
  const size = Math.min(Number(request.headers.get('content-length') ?? 0) || 0, 2 ** 31 - 1)
  const record = { ...seen, event, size, verdict: { kind: 'refused', because } as const }
  await deps.store.refuseDelivery(record, refusalRestMs)
  deps.wakeups.wake('outbox')
}
