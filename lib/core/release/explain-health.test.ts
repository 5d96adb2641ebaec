import { describe, expect, it } from 'vitest'
import { explainHealth } from './explain-health.ts'
import type { ReleaseHealth } from './health-types.ts'

describe('explainHealth', () => {
  const rows: [kind: ReleaseHealth['kind'], what: string | undefined][] = [
    ['healthy', undefined],
    ['progressing', undefined],
    ['unknown', undefined],
    ['failing', 'Revision 7 is deployed, but not all of its pods run.'],
    ['stuck', 'Revision 7 is deployed, and its pods will not come up by themselves.'],
  ]
  it.each(rows)('%s', (kind, what) => {
    expect(explainHealth({ kind, reason: 'Pod web-1 crashed' }, 7)?.what).toBe(what)
  })

  it('says why in the words of the health', () => {
    expect(explainHealth({ kind: 'stuck', reason: 'Pod web-1 crashed' }, undefined)).toMatchObject({
      what: expect.stringContaining('It is deployed'),
      why: 'Pod web-1 crashed',
    })
  })
})
