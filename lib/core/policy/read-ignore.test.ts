import { expect, it } from 'vitest'
import { readIgnore, type Ignored } from './read-ignore.ts'

const rows: [label: string, annotations: Record<string, string>, want: Ignored | undefined][] = [
  ['nothing', {}, undefined],
  ['on', { 'fluxcd.io/ignore': 'true' }, 'all'],
  ['on, as in 2018', { 'flux.weave.works/ignore': 'true' }, 'all'],
  ['applied only', { 'fluxcd.io/ignore': 'sync_only' }, 'sync-only'],
  ['applied only, as in 2018', { 'flux.weave.works/ignore': 'sync_only' }, 'sync-only'],
  ['off', { 'fluxcd.io/ignore': 'false' }, undefined],
  ['another word', { 'fluxcd.io/ignore': 'True' }, undefined],
  ['the newer spelling wins', { 'flux.weave.works/ignore': 'true', 'fluxcd.io/ignore': 'false' }, undefined],
  ['somebody else’s', { 'example.com/ignore': 'true' }, undefined],
]
it.each(rows)('%s', (_label, annotations, want) => {
  expect(readIgnore(annotations)).toBe(want)
})
