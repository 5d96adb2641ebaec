import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { Fault } from '../fault/index.ts'
import { decryptText, encryptText, saltBytes } from './encrypt.ts'

/** PKCS #8 of an X25519 key up to its 32 bytes (RFC 8410 §7). */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex')

const privateKeyOf = (seed: Buffer) =>
  createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })

/** Public half of the key with this seed of 32 bytes: SPKI in DER, base64. Whoever has it can seal, not open. */
export function sealingKey(seed: Buffer): string {
  return createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).toString('base64')
}

/**
 * Encrypts to the holder of a key: a shared secret (X25519, RFC 7748) with a key made for this alone. `random`: 64 fresh
 * random bytes. `binding` as for `encryptText`.
 */
export function sealFor(publicKey: string, text: string, binding: string, random: Buffer): string {
  const own = privateKeyOf(random.subarray(0, 32))
  const theirs = publicKeyOf(publicKey)
  const secret = diffieHellman({ privateKey: own, publicKey: theirs })
  const ownPublic = createPublicKey(own).export({ format: 'der', type: 'spki' }).toString('base64url')
  return `${ownPublic}~${encryptText(secret, text, `${publicKey} ${binding}`, random.subarray(32, 32 + saltBytes))}`
}

/** Throws Fault `invalid` for what was not sealed for this seed and binding. */
export function openSealed(seed: Buffer, sealed: string, binding: string): string {
  const [theirs = '', encrypted = ''] = sealed.split('~')
  const publicKey = publicKeyOf(Buffer.from(theirs, 'base64url').toString('base64'))
  const secret = diffieHellman({ privateKey: privateKeyOf(seed), publicKey })
  return decryptText(secret, encrypted, `${sealingKey(seed)} ${binding}`)
}

function publicKeyOf(text: string) {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'x25519') return key
  } catch {
    // Told below.
  }
  throw new Fault('invalid', 'This is no key to seal for.')
}
