import { describe, expect, it } from 'vitest'
import { chainEntry } from './chain.ts'
import type { AuditEntry, Checkpoint } from './types.ts'
import { verifyPages } from './verify-pages.ts'

const pageSize = 3

function chain(length: number): AuditEntry[] {
  const entries: AuditEntry[] = []
  let last: Checkpoint | undefined
  for (let index = 0; index < length; index += 1) {
    const entry = chainEntry(last, { at: index, kind: 'test', actor: 'a', subject: 's', data: { index } })
    entries.push(entry)
    last = entry
  }
  return entries
}

async function* inPages(entries: readonly AuditEntry[]): AsyncGenerator<readonly AuditEntry[]> {
  for (let at = 0; at < entries.length; at += pageSize) yield entries.slice(at, at + pageSize)
}

const entries = chain(10)
const checkpointAt = (seq: number): Checkpoint => entries[seq - 1] as AuditEntry

describe('verifyPages', () => {
  it.each([1, 3, 4, 9, 10])('accepts a whole chain with its checkpoint at row %i', async (seq) => {
    const verdict = await verifyPages(inPages(entries), checkpointAt(seq))
    expect(verdict).toEqual({ ok: true, entries: 10, head: expect.objectContaining({ seq: 10 }) })
  })

  it('names the first bad row whichever one is changed, taken out, swapped with the next or cut off', async () => {
    for (let seq = 1; seq <= entries.length; seq += 1) {
      const at = seq - 1
      const changed = entries.with(at, { ...(entries[at] as AuditEntry), data: { index: -1 } })
      expect(await verifyPages(inPages(changed), checkpointAt(10))).toMatchObject({ ok: false, seq })
      expect(await verifyPages(inPages(entries.toSpliced(at, 1)), checkpointAt(10))).toMatchObject({ ok: false, seq })
      expect(await verifyPages(inPages(entries.slice(0, at)), checkpointAt(10))).toMatchObject({
        ok: false,
        seq,
        fault: 'truncated',
      })
      if (seq === entries.length) continue
      const swapped = entries.with(at, entries[seq] as AuditEntry).with(seq, entries[at] as AuditEntry)
      expect(await verifyPages(inPages(swapped), checkpointAt(10))).toMatchObject({ ok: false, seq })
    }
  })

  it('goes on after a row that was verified before', async () => {
    expect(await verifyPages(inPages(entries.slice(4)), undefined, checkpointAt(4))).toMatchObject({ ok: true })
    expect(await verifyPages(inPages(entries.slice(5)), undefined, checkpointAt(4))).toMatchObject({
      ok: false,
      seq: 5,
    })
  })
})
