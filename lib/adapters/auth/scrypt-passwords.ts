import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { Passwords } from '#lib/ports/passwords.ts'

interface Cost {
  /** N, a power of two: memory is 128 · N · r bytes. */
  n: number
  r: number
  p: number
}

/** 32 MiB and a fifth of a second; one of the equal choices of OWASP's Password Storage Cheat Sheet. */
const usual: Cost = { n: 2 ** 15, r: 8, p: 3 }
const saltBytes = 16
const hashBytes = 32

/** `scrypt$<N>$<r>$<p>$<salt>$<hash>`, salt and hash in base64url (RFC 7914). */
const form = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]{16,64})\$([\w-]{43})$/

export function scryptPasswords(cost: Cost = usual): Passwords {
  const nobodys = encode(cost, randomBytes(saltBytes), randomBytes(hashBytes))
  return {
    async hash(password) {
      const salt = randomBytes(saltBytes)
      return encode(cost, salt, await derive(password, salt, cost))
    },
    async verify(password, encoded) {
      const known = decode(encoded ?? nobodys)
      if (!known) return false
      const fits = timingSafeEqual(await derive(password, known.salt, known.cost), known.hash)
      return fits && encoded !== undefined
    },
  }
}

function encode({ n, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return ['scrypt', n, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

function decode(encoded: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const [, n, r, p, salt, hash] = form.exec(encoded) ?? []
  if (!salt || !hash) return undefined
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  return { cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}

/** The same text may be typed in several ways (é as one or two code points), so that it is normalised first. */
function derive(password: string, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, hashBytes, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    )
  })
}
