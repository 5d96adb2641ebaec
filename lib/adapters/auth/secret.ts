import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * A secret of 256 random bits and what the database keeps of it. The prefix (`wh`) lets secret scanners recognise one
 * that leaked. Plain SHA-256 is enough: what is guessed here is not a password.
 */
export function newSecret(prefix = 'wh'): { secret: string; hash: string } {
  const secret = `${prefix}_${randomBytes(32).toString('base64url')}`
  return { secret, hash: hashSecret(secret) }
}

/** SHA-256 as 64 hex digits. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** In a time that tells nothing about either, not even the length. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right))
}
