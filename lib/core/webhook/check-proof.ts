import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Same length for every text, so that the comparison takes the same time. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const equal = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

/** Whether one of the secrets is the one given. All are compared, whichever fits. */
export function isOneOf(given: string, secrets: readonly string[]): boolean {
  return secrets.map((secret) => equal(given, secret)).includes(true)
}

/** Whether `X-Hub-Signature-256` is of this body under one of the secrets (GitHub docs: "Validating webhook deliveries"). */
export function isSigned(body: string | Uint8Array, signature: string, secrets: readonly string[]): boolean {
  return secrets
    .map((secret) => equal(signature, `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`))
    .includes(true)
}

/** Secrets of a hook that are accepted now: after a rotation the one before, until its time is over. */
export function secretsInForce(
  { secret, previous, previousUntil }: { secret: string; previous?: string; previousUntil?: number },
  now: number,
): string[] {
  return previous !== undefined && now < (previousUntil ?? 0) ? [secret, previous] : [secret]
}
