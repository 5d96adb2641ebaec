import { createHash } from 'node:crypto'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * `<prefix>-` and 26 lower-case characters that sort by time (ULID, 48 bits of milliseconds and 80 random bits):
 * unique without asking anyone, and short enough for a Helm label. `random` gives 10 bytes.
 */
export function newId(prefix: string, nowMs: number, random: Uint8Array): string {
  let time = nowMs
  let head = ''
  for (let i = 0; i < 10; i++) {
    head = alphabet[time % 32] + head
    time = Math.floor(time / 32)
  }
  let tail = ''
  let bits = 0
  let held = 0
  for (const byte of random) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      tail += alphabet[(held >>> bits) & 31]
      held &= (1 << bits) - 1
    }
  }
  return `${prefix}-${head}${tail.slice(0, 16)}`
}

/** Opaque id of a release: stable over restarts and over a lost database. */
export function releaseId(cluster: string, namespace: string, name: string): string {
  return `rel-${createHash('sha256').update(`${cluster}\n${namespace}\n${name}`).digest('hex').slice(0, 20)}`
}
