import { describe, expect, it } from 'vitest'
import { keyFingerprint, readCheckpoint, signCheckpoint } from './checkpoint.ts'

const seed = Buffer.alloc(32, 7).toString('base64url')
const signed = signCheckpoint({ seq: 12, hash: 'a'.repeat(64) }, 1_700_000_000_000, seed)

describe('readCheckpoint', () => {
  it('reads what was signed, and the same key has the same fingerprint', () => {
    expect(readCheckpoint(JSON.stringify(signed))).toEqual(signed)
    const later = signCheckpoint({ seq: 13, hash: 'b'.repeat(64) }, 1_700_000_000_001, seed)
    expect(keyFingerprint(later)).toBe(keyFingerprint(signed))
    const other = signCheckpoint(signed, signed.at, Buffer.alloc(32, 8).toString('base64url'))
    expect(keyFingerprint(other)).not.toBe(keyFingerprint(signed))
  })

  const rows: [label: string, text: string][] = [
    ['another row', JSON.stringify({ ...signed, seq: 11 })],
    ['another hash', JSON.stringify({ ...signed, hash: 'b'.repeat(64) })],
    ['another time', JSON.stringify({ ...signed, at: signed.at + 1 })],
    [
      'the key of somebody else',
      JSON.stringify({ ...signed, key: signCheckpoint(signed, 1, Buffer.alloc(32, 8).toString('base64url')).key }),
    ],
    ['a signature that is none', JSON.stringify({ ...signed, signature: 'AAAA' })],
    ['a key that is none', JSON.stringify({ ...signed, key: 'AAAA' })],
    ['another format', JSON.stringify({ ...signed, format: 'wheelhouse-audit/2' })],
    ['what is no JSON', 'seq: 12'],
  ]
  it.each(rows)('refuses %s', (_label, text) => {
    expect(readCheckpoint(text)).toBeUndefined()
  })
})
