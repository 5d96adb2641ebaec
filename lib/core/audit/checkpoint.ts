import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'
import type { Checkpoint } from './types.ts'

/** A place in the chain as it is anchored outside the database: whoever holds it can tell later whether the chain still has it. */
export const SignedCheckpoint = z.object({
  format: z.literal('wheelhouse-audit/1'),
  seq: z.number().int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since the epoch. */
  at: z.number().int(),
  /** Ed25519 public key (RFC 8410), SPKI in DER, base64. */
  key: z.string().max(200),
  /** Over the canonical JSON of the other fields, base64. */
  signature: z.string().max(200),
})
export type SignedCheckpoint = z.infer<typeof SignedCheckpoint>

/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410 §7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

const signedText = ({ format, seq, hash, at, key }: Omit<SignedCheckpoint, 'signature'>): Buffer =>
  Buffer.from(canonicalJson({ format, seq, hash, at, key }))

/** `seed`: the 32 bytes of the signing key, base64url. */
export function signCheckpoint({ seq, hash }: Checkpoint, at: number, seed: string): SignedCheckpoint {
  const der = Buffer.concat([pkcs8Head, Buffer.from(seed, 'base64url')])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const key = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
  const unsigned = { format: 'wheelhouse-audit/1' as const, seq, hash, at, key }
  return { ...unsigned, signature: sign(null, signedText(unsigned), privateKey).toString('base64') }
}

/** Undefined for text that is no checkpoint, or one whose signature does not fit. */
export function readCheckpoint(text: string): SignedCheckpoint | undefined {
  try {
    const checkpoint = SignedCheckpoint.parse(JSON.parse(text))
    const key = createPublicKey({ key: Buffer.from(checkpoint.key, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ed25519') return undefined
    return verify(null, signedText(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))
      ? checkpoint
      : undefined
  } catch {
    return undefined
  }
}

/** What to compare a checkpoint's key by: SHA-256 of it, hex. */
export function keyFingerprint({ key }: Pick<SignedCheckpoint, 'key'>): string {
  return createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex')
}
