import { parseAllDocuments } from 'yaml'
import { yamlOptions, type KubeObject } from '../manifest/index.ts'
import type { Template } from './find-unstable.ts'
import type { Risk } from './types.ts'

/** A CustomResourceDefinition that a chart brings beside its templates. */
export interface Definition {
  /** File of the chart: `podinfo/crds/widgets.yaml`. */
  path: string
  object: KubeObject
  /** What it defines. */
  kind: { group: string; versions: string[]; kind: string; plural: string; isNamespaced: boolean }
}

interface DefinitionSpec {
  group?: string
  scope?: string
  names?: { kind?: string; plural?: string }
  versions?: { name?: string; served?: boolean }[]
}

/** Those in the files of a chart's `crds` directories; what is something else there is passed over. */
export function definitionsIn(files: readonly Template[]): Definition[] {
  return files.flatMap(({ path, text }) =>
    parseAllDocuments(text, yamlOptions()).flatMap((document) => {
      const object = document.toJS({ maxAliasCount: 100 }) as KubeObject | null
      if (object?.kind !== 'CustomResourceDefinition' || typeof object.metadata?.name !== 'string') return []
      const { group = '', scope, names, versions = [] } = (object.spec ?? {}) as DefinitionSpec
      const served = versions.filter((version) => version.served === true).map(({ name = '' }) => name)
      const { kind = '', plural = '' } = names ?? {}
      return [{ path, object, kind: { group, versions: served, kind, plural, isNamespaced: scope !== 'Cluster' } }]
    }),
  )
}

/**
 * What Helm makes of a chart's definition (§9.21): it creates what is missing, with an installation and never with an
 * upgrade, and changes none that is there.
 */
export function definitionRisk(
  { path, object: { metadata } }: Pick<Definition, 'path' | 'object'>,
  stands: 'missing' | 'same' | 'different',
  isCreated: boolean,
): Risk | undefined {
  const name = `CustomResourceDefinition ${metadata.name}`
  if (stands === 'same') return undefined
  if (stands === 'missing' && isCreated)
    return { kind: 'definition', subject: path, says: `${name} is created: all resources of its kind are concerned.` }
  const says =
    stands === 'missing'
      ? `${path} brings ${name}, which the cluster does not have and Helm will not create here.`
      : `${path} brings another ${name} than the cluster has: Helm leaves the one that is there.`
  return { kind: 'newer-definitions', subject: path, says }
}
