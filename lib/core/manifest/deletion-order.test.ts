import { expect, it } from 'vitest'
import { isStillNeeded } from './deletion-order.ts'

const rows: [label: string, id: string, remaining: string[], want: boolean][] = [
  ['a Namespace by a release in it', '<cluster>:namespace/dev', ['dev:helmrelease/a'], true],
  ['a Namespace by nothing of another', '<cluster>:namespace/dev', ['stg:helmrelease/a'], false],
  ['a Secret by the release beside it', 'dev:secret/a', ['dev:helmrelease/a'], true],
  ['a Secret by no other Secret', 'dev:secret/a', ['dev:secret/a', 'dev:secret/b'], false],
  ['a release by nothing', 'dev:helmrelease/a', ['<cluster>:namespace/dev', 'dev:secret/a'], false],
  ['a ClusterRole by its binding', '<cluster>:clusterrole/a', ['<cluster>:clusterrolebinding/a'], true],
]
it.each(rows)('%s: %s', (_label, id, remaining, want) => {
  expect(isStillNeeded(id, remaining)).toBe(want)
})
