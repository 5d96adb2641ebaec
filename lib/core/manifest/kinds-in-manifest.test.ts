import { expect, it } from 'vitest'
import { kindsInManifest } from './kinds-in-manifest.ts'

const object = (kind: string, name = 'a') =>
  `---\n# Source: a/templates/b.yaml\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`

const rows: [label: string, manifest: string, want: string[] | undefined][] = [
  ['nothing', '', []],
  ['each kind once', object('Service') + object('ConfigMap') + object('Service', 'b'), ['ConfigMap', 'Service']],
  [
    'the items of a list',
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n',
    ['Secret'],
  ],
  ['what cannot be read', `${object('Service')}---\na: [`, undefined],
  ['an object without a name', 'apiVersion: v1\nkind: StatefulSet\n', undefined],
]
it.each(rows)('%s', (_label, manifest, want) => {
  expect(kindsInManifest(manifest)).toEqual(want)
})
