import { describe, expect, it } from 'vitest'
import type { Revision } from '#lib/api/release-schemas.ts'
import { whyOfRevision } from './why-of-revision.ts'

const revision = (change: Partial<Revision>): Revision => ({
  revision: 2,
  status: 'deployed',
  updatedAt: 1,
  chartName: 'app',
  chartVersion: '0.2.0',
  appVersion: '1',
  description: 'app:dev-b from commit 0123456789ab',
  cause: 'replicaCount changed',
  images: [{ container: 'app', image: 'r:5/app:dev-a' }],
  ...change,
})
const images = (...list: [container: string, image: string][]) => ({
  images: list.map(([container, image]) => ({ container, image })),
})

describe('whyOfRevision', () => {
  it.each([
    ['a new tag', images(['app', 'r:5/app:dev-b']), {}, 'dev-a → dev-b'],
    ['a new chart', { chartVersion: '0.2.1' }, {}, 'chart 0.2.0 → 0.2.1'],
    ['both', { ...images(['app', 'r:5/app:dev-b']), chartVersion: '0.2.1' }, {}, 'dev-a → dev-b, chart 0.2.0 → 0.2.1'],
    ['another repository', images(['app', 'r:5/other:1']), {}, 'app:dev-a → other:1'],
    [
      'one of several images',
      images(['web', 'r/web:1'], ['db', 'r/db:3']),
      images(['web', 'r/web:1'], ['db', 'r/db:2']),
      'db 2 → 3',
    ],
    ['neither: the words recorded', {}, {}, 'replicaCount changed'],
    ['no words: helm’s description', { cause: undefined }, {}, 'app:dev-b from commit 0123456789ab'],
  ])('%s', (_label, change, before, why) => {
    expect(whyOfRevision(revision(change), revision({ revision: 1, ...before }))).toBe(why)
  })

  it('has only the recorded words for the oldest', () => {
    expect(whyOfRevision(revision({}), undefined)).toBe('replicaCount changed')
  })
})
