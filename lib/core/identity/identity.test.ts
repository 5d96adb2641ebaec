import { describe, expect, it } from 'vitest'
import { newId, releaseId } from './index.ts'

describe('newId', () => {
  it('sorts by time whatever the random part', () => {
    const early = newId('op', 1_700_000_000_000, new Uint8Array(10).fill(255))
    const late = newId('op', 1_700_000_000_001, new Uint8Array(10).fill(0))
    expect(early < late).toBe(true)
  })
  it('has 26 characters after the prefix and fits a label', () => {
    const id = newId('op', Date.UTC(2026, 0, 1), new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    expect(id).toMatch(/^op-[0-9a-z]{26}$/)
  })
  it('differs by every random bit', () => {
    const seen = new Set<string>()
    for (let bit = 0; bit < 80; bit++) {
      const random = new Uint8Array(10)
      random[bit >> 3] = 1 << (bit & 7)
      seen.add(newId('op', 0, random))
    }
    expect(seen.size).toBe(80)
  })
})

describe('releaseId', () => {
  it.each([
    ['another cluster', 'b', 'dev', 'podinfo'],
    ['another namespace', 'a', 'stg', 'podinfo'],
    ['another name', 'a', 'dev', 'podinfo-rc'],
    ['parts that join to the same text', 'a\ndev', 'podinfo', ''],
  ])('differs for %s', (_label, cluster, namespace, name) => {
    expect(releaseId(cluster, namespace, name)).not.toBe(releaseId('a', 'dev', 'podinfo'))
  })
})
