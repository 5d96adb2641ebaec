import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { Fault } from '../fault/index.ts'

/** Bytes of randomness that one encryption takes. */
export const saltBytes = 32

const tagBytes = 16
const format = 'wh1'

/**
 * AES-256-GCM under a key derived (HKDF, RFC 5869) from `secret` and `salt`, 32 fresh random bytes. `binding` says what it
 * belongs to, such as the row and the host: text moved elsewhere cannot be decrypted there.
 */
export function encryptText(secret: Buffer, text: string, binding: string, salt: Buffer): string {
  if (salt.length !== saltBytes) throw new Error(`An encryption takes ${saltBytes} random bytes.`)
  const { key, nonce } = derive(secret, salt)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(binding))
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `${format}.${Buffer.concat([salt, cipher.getAuthTag(), hidden]).toString('base64url')}`
}

/** Throws Fault `invalid` for what was not encrypted with this secret for this binding; the message tells nothing of it. */
export function decryptText(secret: Buffer, encrypted: string, binding: string): string {
  const [given, body = ''] = encrypted.split('.')
  const bytes = Buffer.from(body, 'base64url')
  try {
    if (given !== format) throw new Error('format')
    const { key, nonce } = derive(secret, bytes.subarray(0, saltBytes))
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(binding)).setAuthTag(bytes.subarray(saltBytes, saltBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(saltBytes + tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    throw new Fault('invalid', 'A stored secret cannot be decrypted.', {
      suggestion: 'Enter it again; the key it was encrypted with is not the one in use, or it was changed.',
    })
  }
}

/** A salt is never used twice, so that the nonce may come out of it too. */
function derive(secret: Buffer, salt: Buffer): { key: Buffer; nonce: Buffer } {
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, format, 44))
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) }
}
