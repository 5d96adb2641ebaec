import type { KubeObject, ObjectId } from './types.ts'

/** Stands for "no namespace" in an object id. */
export const clusterNamespace = '<cluster>'

const clusterKinds = new Set([
  'namespace',
  'node',
  'persistentvolume',
  'customresourcedefinition',
  'storageclass',
  'volumeattachment',
  'volumeattributesclass',
  'csidriver',
  'csinode',
  'priorityclass',
  'runtimeclass',
  'ingressclass',
  'gatewayclass',
  'apiservice',
  'certificatesigningrequest',
  'mutatingwebhookconfiguration',
  'validatingwebhookconfiguration',
  'validatingadmissionpolicy',
  'validatingadmissionpolicybinding',
  'mutatingadmissionpolicy',
  'mutatingadmissionpolicybinding',
  'flowschema',
  'prioritylevelconfiguration',
  'podsecuritypolicy',
  'clusterrole',
  'clusterrolebinding',
  'clusterissuer',
  'clusterpolicy',
  'clustersecretstore',
  'clusterexternalsecret',
  'clustertrustbundle',
])

/**
 * Whether objects of this kind have no namespace, as far as the name of the kind tells: Git has no discovery.
 * A kind not listed counts as namespaced.
 */
export function isClusterScoped(kind: string): boolean {
  return clusterKinds.has(kind.toLowerCase())
}

type Named = Pick<KubeObject, 'kind'> & { metadata: { name: string; namespace?: string } }

/** `<namespace>:<kind>/<name>` as Flux v1 writes it; an object without a namespace gets `defaultNamespace`. */
export function objectId(object: Named, defaultNamespace = 'default'): ObjectId {
  const { name, namespace } = object.metadata
  const place = isClusterScoped(object.kind) ? clusterNamespace : namespace || defaultNamespace
  return `${place}:${object.kind.toLowerCase()}/${name}`
}

export interface ObjectName {
  /** `<cluster>` for what has none. */
  namespace: string
  /** Lower-case. */
  kind: string
  name: string
}

/** Nothing for text that is no id. Names may hold `:` (`system:node`), kinds and namespaces may not. */
export function parseObjectId(id: ObjectId): ObjectName | undefined {
  const match = /^([^:/]+):([^:/]+)\/(.+)$/.exec(id)
  if (!match) return undefined
  const [, namespace = '', kind = '', name = ''] = match
  return { namespace, kind, name }
}
