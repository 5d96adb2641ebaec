import { createHash, randomBytes } from 'node:crypto'
import { newId } from '#lib/core/identity/index.ts'

/** SHA-256 hex: secrets are random and long, so that a plain digest is enough. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** 256 random bits, with a prefix that secret scanners can know. */
export function newSecret(): { secret: string; hash: string } {
  const secret = `wh_${randomBytes(32).toString('base64url')}`
  return { secret, hash: hashSecret(secret) }
}

export function freshId(prefix: string): string {
  return newId(prefix, Date.now(), randomBytes(10))
}
