import { describe, expect, it } from 'vitest'
import { foldScan, type ScannedTag } from './scanned-tags.ts'
import type { TagFact } from './types.ts'

const known: TagFact = { name: 'a', created: 5, digest: 'd', vanished: false }

describe('foldScan', () => {
  it.each<[label: string, before: TagFact[], news: ScannedTag, after: TagFact]>([
    ['a new tag', [], { vanished: false }, { name: 'a', vanished: false }],
    ['a build time that was read', [{ name: 'a' }], { created: 5, digest: 'd' }, known],
    ['one that the image lacks', [known], { created: null }, { ...known, created: null }],
    ['one that is to be read anew', [known], { created: 'unread' }, { name: 'a', digest: 'd', vanished: false }],
    ['a digest not known any more', [known], { digest: null }, { name: 'a', created: 5, vanished: false }],
    ['a tag that is gone', [known], { vanished: true }, { ...known, vanished: true }],
    ['a tag that is back', [{ ...known, vanished: true }], { vanished: false }, known],
  ])('%s', (_label, before, news, after) => {
    const facts = new Map(before.map((fact) => [fact.name, fact]))
    expect(foldScan(facts, { a: news }).get('a')).toEqual(after)
    expect([...facts.values()]).toEqual(before)
  })

  it('leaves the others as they are', () => {
    expect([...foldScan(new Map([['a', known]]), { b: { vanished: false } }).keys()]).toEqual(['a', 'b'])
  })
})
