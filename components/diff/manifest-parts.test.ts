import { describe, expect, it } from 'vitest'
import { partsOf } from './manifest-parts.ts'

const object = (kind: string, name: string, value: string) =>
  `---\n# Source: chart/templates/x.yaml\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: dev\ndata:\n  v: ${value}\n`

describe('partsOf', () => {
  it('pairs objects, changed ones first', () => {
    const before = object('Service', 'a', '1') + object('ConfigMap', 'b', '1')
    const after = object('Service', 'a', '1') + object('ConfigMap', 'b', '2')
    expect(partsOf(before, after).map((part) => [part.kind, part.name, part.before === part.after])).toEqual([
      ['ConfigMap', 'b', false],
      ['Service', 'a', true],
    ])
  })

  it('keeps an object that only one side has', () => {
    const [part] = partsOf('', object('Secret', 's', 'x'))
    expect(part).toMatchObject({ kind: 'Secret', name: 's', namespace: 'dev', before: '' })
    expect(part?.after).toContain('v: x')
  })

  it('leaves an empty manifest empty', () => {
    expect(partsOf('---\n', '\n')).toEqual([])
  })
})
