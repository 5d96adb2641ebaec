import { describe, expect, it } from 'vitest'
import { chainEntry, genesisHash, hashEntry, verifyChain } from './chain.ts'
import type { AuditEntry, ChainFault, Checkpoint } from './types.ts'

function chain(length: number, from?: Checkpoint): AuditEntry[] {
  const entries: AuditEntry[] = []
  let last = from
  for (let index = 0; index < length; index += 1) {
    const entry = chainEntry(last, {
      at: 1_000 + index,
      kind: 'release-upgraded',
      actor: 'automation',
      subject: 'dev:helmrelease/podinfo-dev',
      causes: [`stefanprodan/podinfo:dev-${index}`],
      data: { revision: index },
    })
    entries.push(entry)
    last = entry
  }
  return entries
}

const rehash = (entry: AuditEntry): AuditEntry => ({ ...entry, hash: hashEntry(entry.previousHash, entry) })
const at = (entries: AuditEntry[], index: number): AuditEntry => entries[index] as AuditEntry

function rewritten(): AuditEntry[] {
  let last: Checkpoint | undefined
  return chain(5).map((entry) => {
    const next = chainEntry(last, { ...entry, subject: 'other' })
    last = next
    return next
  })
}

describe('hashEntry', () => {
  it('depends on every field, on the place and on the row before', () => {
    const entry = at(chain(1), 0)
    const changed: Partial<AuditEntry>[] = [
      { seq: 2 },
      { at: 2 },
      { kind: 'x' },
      { actor: 'person@example.org' },
      { subject: 'x' },
      { environment: 'dev' },
      { release: 'rel' },
      { operation: 'op' },
      { commit: 'c' },
      { revision: 1 },
      { reason: 'why' },
      { intent: 'i' },
      { causes: [] },
      { data: {} },
    ]
    const hashes = changed.map((change) => hashEntry(genesisHash, { ...entry, ...change }))
    expect(new Set([entry.hash, hashEntry('1'.repeat(64), entry), ...hashes]).size).toBe(changed.length + 2)
  })

  it('does not tell an empty column from an absent field', () => {
    const entry = { ...at(chain(1), 0), operation: null, reason: undefined } as unknown as AuditEntry
    expect(hashEntry(genesisHash, entry)).toBe(entry.hash)
  })

  it('survives a round trip through JSON', () => {
    const entry = { ...at(chain(1), 0), operation: undefined }
    expect(hashEntry(genesisHash, JSON.parse(JSON.stringify(entry)) as AuditEntry)).toBe(entry.hash)
  })
})

describe('verifyChain', () => {
  it('accepts a whole chain, an empty one, and a later stretch of one', () => {
    const entries = chain(5)
    expect(verifyChain(entries)).toEqual({ ok: true, entries: 5, head: { seq: 5, hash: at(entries, 4).hash } })
    expect(verifyChain([])).toEqual({ ok: true, entries: 0 })
    expect(verifyChain(entries.slice(2), undefined, at(entries, 1)).ok).toBe(true)
    expect(verifyChain(entries, { seq: 3, hash: at(entries, 2).hash }).ok).toBe(true)
  })

  const rows: [label: string, change: (entries: AuditEntry[]) => AuditEntry[], seq: number, fault: ChainFault][] = [
    ['a changed field', (e) => e.with(2, { ...at(e, 2), subject: 'other' }), 3, 'altered'],
    ['a changed row that was hashed again', (e) => e.with(2, rehash({ ...at(e, 2), data: {} })), 3, 'altered'],
    [
      'a first row of another chain',
      (e) => e.with(0, rehash({ ...at(e, 0), previousHash: 'f'.repeat(64) })),
      1,
      'altered',
    ],
    ['a row taken out', (e) => e.toSpliced(2, 1), 3, 'dropped'],
    ['the first row taken out', (e) => e.slice(1), 1, 'dropped'],
    ['two rows swapped', (e) => [at(e, 0), at(e, 2), at(e, 1), at(e, 3), at(e, 4)], 2, 'reordered'],
    ['a row given twice', (e) => e.toSpliced(2, 0, at(e, 1)), 3, 'reordered'],
    ['the end cut off', (e) => e.slice(0, 3), 4, 'truncated'],
    ['everything cut off', () => [], 1, 'truncated'],
    ['the whole chain written anew', () => rewritten(), 5, 'altered'],
  ]
  it.each(rows)('names %s', (_label, change, seq, fault) => {
    const entries = chain(5)
    const verdict = verifyChain(change(entries), { seq: 5, hash: at(entries, 4).hash })
    expect(verdict).toMatchObject({ ok: false, seq, fault })
  })
})
