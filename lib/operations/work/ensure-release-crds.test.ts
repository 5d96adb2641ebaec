import { describe, expect, it } from 'vitest'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { releaseCrds } from '#lib/core/crd/index.ts'
import type { KubeObject } from '#lib/core/manifest/index.ts'
import type { ObjectRef } from '#lib/ports/cluster.ts'
import { createReleaseCrds, missingReleaseCrds } from './ensure-release-crds.ts'

const names = releaseCrds().map(({ metadata }) => metadata.name)

function cluster(there: Map<string, KubeObject>, onGet: (name: string) => void = () => undefined) {
  const memory = { crdsReady: false }
  const deps = {
    memory,
    log: createRecordingLog(),
    lease: { epoch: 1, assertHeld: () => undefined, signal: new AbortController().signal },
    cluster: {
      get: async ({ name }: ObjectRef) => {
        onGet(name)
        return there.get(name)
      },
      apply: async (object: KubeObject) => {
        there.set(object.metadata.name, object)
        return object
      },
    },
  }
  return { memory, deps: deps as unknown as Parameters<typeof createReleaseCrds>[0] }
}

const all = () => new Map(releaseCrds().map((crd) => [crd.metadata.name, crd]))
const ensure = async (deps: Parameters<typeof createReleaseCrds>[0]) =>
  createReleaseCrds(deps, await missingReleaseCrds(deps))

describe('the definitions of HelmReleases', () => {
  it('are created where they are missing, and then known to be there', async () => {
    const there = new Map<string, KubeObject>()
    const { memory, deps } = cluster(there)
    expect(await ensure(deps)).toEqual([])
    expect([...there.keys()]).toEqual(names)
    await ensure(deps)
    expect(memory.crdsReady).toBe(true)
  })

  it('are looked at again when one is deleted while they are looked at', async () => {
    const there = all()
    const { memory, deps } = cluster(there, (name) => {
      // The watch tells of the first one's end after it was found to be there.
      if (name !== names[1] || !there.delete(names[0] ?? '')) return
      memory.crdsReady = false
    })
    await ensure(deps)
    expect(memory.crdsReady).toBe(false)
    await ensure(deps)
    expect(there.has(names[0] ?? '')).toBe(true)
  })

  it('do not count as there while one is on its way out', async () => {
    const there = all()
    const [leaving] = there.values()
    if (leaving) leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z'
    const { memory, deps } = cluster(there)
    await ensure(deps)
    expect(memory.crdsReady).toBe(false)
  })
})
