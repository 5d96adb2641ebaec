import { describe, expect, it } from 'vitest'
import { definitionRisk, definitionsIn } from './definitions.ts'

const path = 'app/crds/widgets.yaml'
const definition = (scope: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.test }
spec:
  group: example.test
  scope: ${scope}
  names: { kind: Widget, plural: widgets }
  versions: [{ name: v1, served: true }, { name: v1alpha1, served: false }]
`

describe('definitionsIn', () => {
  it('reads what a chart defines, of the versions that are served', () => {
    const text = `# a list of\n---\n${definition('Namespaced')}---\nkind: ConfigMap\nmetadata: { name: x }\n`
    expect(definitionsIn([{ path, text }])).toEqual([
      {
        path,
        object: expect.objectContaining({ kind: 'CustomResourceDefinition' }) as object,
        kind: { group: 'example.test', versions: ['v1'], kind: 'Widget', plural: 'widgets', isNamespaced: true },
      },
    ])
  })

  it('tells kinds of the whole cluster', () => {
    expect(definitionsIn([{ path, text: definition('Cluster') }])[0]?.kind.isNamespaced).toBe(false)
  })

  it.each(['', 'plain text', '[1, 2]', 'kind: CustomResourceDefinition\n'])('passes over %j', (text) => {
    expect(definitionsIn([{ path, text }])).toEqual([])
  })
})

describe('definitionRisk', () => {
  const [found] = definitionsIn([{ path, text: definition('Namespaced') }])
  const rows: [
    stands: 'missing' | 'same' | 'different',
    isCreated: boolean,
    kind: string | undefined,
    words: string,
  ][] = [
    ['missing', true, 'definition', 'is created'],
    ['missing', false, 'newer-definitions', 'does not have'],
    [
      'different',
      true,
      'newer-definitions',
      'another CustomResourceDefinition widgets.example.test than the cluster has',
    ],
    ['different', false, 'newer-definitions', 'another'],
    ['same', true, undefined, ''],
    ['same', false, undefined, ''],
  ]
  it.each(rows)('%s, and Helm creates what is missing: %s', (stands, isCreated, kind, words) => {
    const risk = found && definitionRisk(found, stands, isCreated)
    expect(risk?.kind).toBe(kind)
    expect(risk?.says ?? '').toContain(words)
  })
})
