import type { KubeObject } from '../manifest/index.ts'

/** Metadata that the server writes: it says nothing about what anyone wanted. */
const serverMetadata = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
  'deletionGracePeriodSeconds',
])

const writtenByTools = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'meta.helm.sh/release-name',
  'meta.helm.sh/release-namespace',
])

/** The object without status and without what server and tools write into its metadata. */
export function foldNoise(object: KubeObject): KubeObject {
  const { status: _status, metadata, ...rest } = object
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !serverMetadata.has(name)))
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([name]) => !writtenByTools.has(name)),
  )
  delete kept.annotations
  return {
    ...rest,
    metadata: { ...kept, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
  } as KubeObject
}
