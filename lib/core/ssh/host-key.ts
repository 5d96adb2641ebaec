import { Fault } from '../fault/index.ts'
import { fingerprintOf } from './deploy-key.ts'

/** The key that a host proves itself with. */
export interface HostKey {
  /** As in known_hosts: `github.com`, or `[git.example.com]:2222` where the port is not 22. */
  host: string
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  type: string
  /** Base64. */
  key: string
  /** `SHA256:…` */
  fingerprint: string
}

/** Those that OpenSSH takes today (RFC 8332 signs with SHA-2 by a key of the type `ssh-rsa`). */
const types = new Set([
  'ssh-ed25519',
  'ssh-rsa',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
])

/** Reads a line of known_hosts or of `ssh-keyscan`: one host by name, type, key. Throws Fault `invalid`. */
export function parseHostKey(line: string): HostKey {
  const [host = '', type = '', key = ''] = line.trim().split(/\s+/)
  const blob = Buffer.from(key, 'base64')
  if (!isHost(host) || !types.has(type) || blob.toString('base64') !== key || typeOf(blob) !== type)
    throw new Fault('invalid', 'This is not the key of a host.', {
      suggestion: 'Enter one line as ssh-keyscan prints it: host, type and key.',
    })
  return { host: host.toLowerCase(), type, key, fingerprint: fingerprintOf(blob) }
}

export const knownHostsLine = ({ host, type, key }: Pick<HostKey, 'host' | 'type' | 'key'>): string =>
  `${host} ${type} ${key}`

/** How known_hosts names the host of an address: `ssh://git@host:2222/x`, `git@host:x`. undefined = not one of SSH. */
export function sshHostOf(address: string): string | undefined {
  const scp = /^[\w.+-]+@([\w.-]+):(?!\/\/)/.exec(address)
  if (scp?.[1]) return scp[1].toLowerCase()
  if (!/^ssh:/i.test(address) || !URL.canParse(address)) return undefined
  const { hostname, port } = new URL(address)
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return port === '' || port === '22' ? bare : `[${bare}]:${port}`
}

/** No list, no pattern, no hash: one host that can be shown. */
function isHost(text: string): boolean {
  return /^([\w.:-]{1,253}|\[[\w.:-]{1,253}\]:\d{1,5})$/.test(text) && !text.startsWith('-')
}

/** A key names its own type first (RFC 4253 §6.6). */
function typeOf(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1')
}
