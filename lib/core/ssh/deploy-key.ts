import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'

const algorithm = 'ssh-ed25519'
/** Stands behind the key where people see it, at the Git host and in a file of authorized keys. */
const comment = 'wheelhouse'
/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410 §7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')
/** Cipher block of a key file that is not encrypted (PROTOCOL.key of OpenSSH). */
const blockBytes = 8

/** Bytes that an Ed25519 key pair is made of (RFC 8032 §5.1.5). */
export const seedBytes = 32

/** What people may see of a key pair. */
export interface PublicKey {
  /** One line, as Git hosts and `authorized_keys` take it. */
  publicKey: string
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  fingerprint: string
}

/** The public half of the pair with this seed. */
export function deployKeyOf(seed: Buffer): PublicKey {
  const blob = publicBlob(publicBytes(seed))
  return { publicKey: `${algorithm} ${blob.toString('base64')} ${comment}`, fingerprint: fingerprintOf(blob) }
}

/** The private half as a file that `ssh -i` reads (PROTOCOL.key of OpenSSH), without a passphrase. */
export function privateKeyFile(seed: Buffer): string {
  const own = publicBytes(seed)
  // Only says whether a passphrase was right; there is none.
  const check = Buffer.alloc(8)
  const pair = Buffer.concat([check, field(algorithm), field(own), field(Buffer.concat([seed, own])), field(comment)])
  const padding = Buffer.from(Array.from({ length: -pair.length & (blockBytes - 1) }, (_, index) => index + 1))
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    uint32(1),
    field(publicBlob(own)),
    field(Buffer.concat([pair, padding])),
  ])
  const lines = body.toString('base64').match(/.{1,70}/g) ?? []
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

/** Of a public key's bytes as SSH sends them. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

function publicBytes(seed: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
}

const publicBlob = (own: Buffer): Buffer => Buffer.concat([field(algorithm), field(own)])

/** `string` of RFC 4251 §5. */
function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
