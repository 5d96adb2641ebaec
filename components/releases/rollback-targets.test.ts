import { expect, it } from 'vitest'
import type { Revision } from '#lib/api/release-schemas.ts'
import { canGoBackTo } from './rollback-targets.ts'

const revision = (number: number, status: Revision['status'], commit?: string): Revision => ({
  revision: number,
  status,
  updatedAt: number,
  chartName: 'app',
  chartVersion: '1.0.0',
  appVersion: '1',
  description: '',
  images: [],
  ...(commit === undefined ? {} : { commit }),
})

it.each<[label: string, revisions: Revision[], deployed: number | undefined, want: number[]]>([
  ['nothing installed', [], undefined, []],
  ['the only one', [revision(1, 'deployed', 'a')], 1, []],
  [
    'those before',
    [revision(3, 'deployed', 'c'), revision(2, 'superseded', 'b'), revision(1, 'superseded', 'a')],
    3,
    [2, 1],
  ],
  ['not what failed', [revision(3, 'deployed', 'c'), revision(2, 'failed', 'b')], 3, []],
  ['not what came from no commit', [revision(3, 'deployed', 'c'), revision(2, 'superseded')], 3, []],
  ['the last good one after a failure', [revision(3, 'failed', 'c'), revision(2, 'deployed', 'b')], 3, [2]],
])('canGoBackTo: %s', (_label, revisions, deployed, want) => {
  expect(canGoBackTo(revisions, deployed).map((one) => one.revision)).toEqual(want)
})
