import { describe, expect, it } from 'vitest'
import { discoveryToCome, isDiscoveryToCome } from './discovery-to-come.ts'

const widget = { group: 'example.test', versions: ['v1', 'v2'], kind: 'Widget', plural: 'widgets', isNamespaced: true }
const gadget = { group: 'apps', versions: ['v9'], kind: 'Gadget', plural: 'gadgets', isNamespaced: false }
const version = (group: string, name: string) => ({ groupVersion: `${group}/${name}`, version: name })
const apps = { name: 'apps', versions: [version('apps', 'v1')], preferredVersion: version('apps', 'v1') }

describe('discovery with kinds to come', () => {
  const rows: [path: string, concerned: boolean][] = [
    ['/apis', true],
    ['/apis/example.test/v1', true],
    ['/apis/example.test/v3', false],
    ['/apis/apps/v1', false],
    ['/api', false],
    ['/apis/example.test/v1/namespaces/dev/widgets/a', false],
  ]
  it.each(rows)('%s is concerned: %s', (path, concerned) => {
    expect(isDiscoveryToCome(path, [widget])).toBe(concerned)
    expect(isDiscoveryToCome(path, [])).toBe(false)
  })

  it('adds new groups, and new versions to those that are there', () => {
    expect(discoveryToCome('/apis', { groups: [apps] }, [widget, gadget])).toEqual({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [
        { ...apps, versions: [version('apps', 'v1'), version('apps', 'v9')] },
        {
          name: 'example.test',
          versions: [version('example.test', 'v1'), version('example.test', 'v2')],
          preferredVersion: version('example.test', 'v1'),
        },
      ],
    })
  })

  it('puts several kinds of one group together, and names no version twice', () => {
    const other = { ...widget, kind: 'Other', plural: 'others', versions: ['v2', 'v3'] }
    const { groups } = discoveryToCome('/apis', undefined, [widget, other]) as { groups: (typeof apps)[] }
    expect(groups.map(({ versions }) => versions.map((one) => one.version))).toEqual([['v1', 'v2', 'v3']])
  })

  it('adds kinds to a version, known or not', () => {
    const known = { name: 'others', kind: 'Other' }
    const resources = (answer: unknown) =>
      (discoveryToCome('/apis/example.test/v2', answer, [widget]) as { resources: object[] }).resources
    const added = expect.objectContaining({
      name: 'widgets',
      kind: 'Widget',
      namespaced: true,
      singularName: 'widget',
    }) as object
    expect(resources(undefined)).toEqual([added])
    expect(resources({ resources: [known] })).toEqual([known, added])
  })
})
