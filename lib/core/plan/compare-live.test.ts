import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../manifest/index.ts'
import { changedFields } from './changed-fields.ts'
import { addedSince, asHelmApplies, compareWithLive } from './compare-live.ts'
import { keyedMask } from './plan-digest.ts'
import type { RenderedObject } from './types.ts'

const hide = keyedMask('key')
const none: ReadonlySet<string> = new Set()

const deployment = (spec: Record<string, unknown>, metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'dev', ...metadata },
  spec,
})
const scaledByOther = {
  managedFields: [{ manager: 'hpa', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
}
const at = (rendered: KubeObject, live: KubeObject | undefined, fails?: string): RenderedObject => ({
  id: 'dev:deployment/web',
  rendered,
  live,
  dryRun: fails === undefined ? { kind: 'accepted', object: rendered } : { kind: 'refused', message: fails },
})

describe('compareWithLive', () => {
  const containers = (image: string) => ({ template: { spec: { containers: [{ name: 'web', image }] } } })
  const rows: [label: string, object: RenderedObject, scaled: ReadonlySet<string>, state: string, fields: string[]][] =
    [
      ['the same', at(deployment({ replicas: 1 }), deployment({ replicas: 1 })), none, 'same', []],
      [
        'the same but for status and bookkeeping',
        at(deployment({}), { ...deployment({}, { uid: 'u', resourceVersion: '7' }), status: { replicas: 1 } }),
        none,
        'same',
        [],
      ],
      [
        'a field that somebody edited',
        at(deployment(containers('a:1')), deployment(containers('a:2'))),
        none,
        'changed',
        ['spec.template.spec.containers[web].image'],
      ],
      [
        'replicas that nobody owns',
        at(deployment({ replicas: 1 }), deployment({ replicas: 5 })),
        none,
        'changed',
        ['spec.replicas'],
      ],
      [
        'replicas that were set through the scale subresource',
        at(deployment({ replicas: 1 }), deployment({ replicas: 5 }, scaledByOther)),
        none,
        'same',
        [],
      ],
      [
        'replicas that an autoscaler of the release looks after',
        at(deployment({ replicas: 1 }), deployment({ replicas: 5 })),
        new Set(['Deployment web']),
        'same',
        [],
      ],
      ['gone', at(deployment({}), undefined), none, 'missing', []],
    ]
  it.each(rows)('%s', (_label, object, scaled, state, fields) => {
    expect(compareWithLive(object, hide, scaled)).toMatchObject({ state, fields })
  })

  it('has the revision before and the cluster after', () => {
    const { before, after } = compareWithLive(at(deployment({ replicas: 1 }), deployment({ replicas: 5 })), hide, none)
    expect([before, after].map((text) => /replicas: (\d)/.exec(text)?.[1])).toEqual(['1', '5'])
  })

  it('masks the values of a Secret and still tells that one differs', () => {
    const secret = (password: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { password },
    })
    const compared = compareWithLive(at(secret('b25l'), secret('dHdv')), hide, none)
    expect(compared).toMatchObject({ state: 'changed', fields: ['data.password'] })
    expect(compared.before + compared.after).not.toMatch(/b25l|dHdv/)
  })

  it("tells the API server's refusal of what the revision says", () => {
    const object = at(deployment({ selector: 1 }), deployment({ selector: 2 }), 'field is immutable')
    expect(compareWithLive(object, hide, none)).toMatchObject({ state: 'changed', fails: 'field is immutable' })
  })
})

it('addedSince is only what runs', () => {
  expect(addedSince(at(deployment({}), undefined), hide)).toBeUndefined()
  expect(addedSince(at(deployment({}), deployment({})), hide)).toMatchObject({ state: 'added', before: '' })
})

it('asHelmApplies keeps the labels there are', () => {
  expect(asHelmApplies(deployment({}, { labels: { a: 'b' } })).metadata.labels).toEqual({
    a: 'b',
    'app.kubernetes.io/managed-by': 'Helm',
  })
})

describe('changedFields', () => {
  const rows: [label: string, before: unknown, after: unknown, fields: string[]][] = [
    ['equal', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, []],
    ['a field that came, and one that went', { a: 1 }, { b: 1 }, ['a', 'b']],
    [
      'items by name, whatever their order',
      [{ name: 'x', v: 1 }, { name: 'y' }],
      [{ name: 'y' }, { name: 'x', v: 2 }],
      ['[x].v'],
    ],
    ['items by place where they have no names', { a: [1, 2] }, { a: [1, 3, 4] }, ['a[1]', 'a[2]']],
    ['another type', { a: { b: 1 } }, { a: 'b' }, ['a']],
  ]
  it.each(rows)('%s', (_label, before, after, fields) => {
    expect(changedFields(before, after)).toEqual(fields)
  })
})
