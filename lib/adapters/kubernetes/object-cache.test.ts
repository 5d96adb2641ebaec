import { describe, expect, it } from 'vitest'
import type { KubeObject } from '#lib/core/manifest/types.ts'
import { ObjectCache } from './object-cache.ts'

function object(name: string, resourceVersion: string, uid = name): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, uid, resourceVersion } }
}

const whole = (it: KubeObject) => `${it.metadata.uid}@${it.metadata.resourceVersion}`

function filled(...objects: KubeObject[]): ObjectCache<string> {
  const cache = new ObjectCache<string>()
  for (const it of objects) cache.set(it, whole)
  return cache
}

describe('what a watch remembers', () => {
  it('reports the same version once', () => {
    expect(filled(object('a', '1')).set(object('a', '1'), whole)).toEqual([])
  })

  it('reports an object of the same name and another uid as a deletion first', () => {
    expect(filled(object('a', '1')).set(object('a', '2', 'other'), whole)).toEqual([
      { kind: 'deleted', object: 'a@1' },
      { kind: 'set', object: 'other@2' },
    ])
  })

  it('ignores the deletion of an object that was replaced', () => {
    expect(filled(object('a', '1', 'new')).delete(object('a', '2', 'old'), whole)).toEqual([])
  })

  it('finds by a complete list what was deleted, counting unchanged objects as present', () => {
    const cache = filled(object('a', '1'), object('b', '1'))
    cache.beginList()
    cache.set(object('b', '1'), whole)
    expect(cache.endList()).toEqual([{ kind: 'deleted', object: 'a@1' }])
    expect(cache.objects()).toEqual(['b@1'])
  })
})
