import {
  isMap,
  openSection,
  readFlag,
  readList,
  readText,
  report,
  reportNotHonoured,
  type Section,
} from './read-fields.ts'
import type { ValuesSource } from './types.ts'

const v1Refs = ['configMapKeyRef', 'secretKeyRef', 'externalSourceRef', 'chartFileRef'] as const

function readRefV1(item: Section, ref: (typeof v1Refs)[number], namespace: string): ValuesSource | undefined {
  const at = `${item.path}.${ref}`
  const fields = openSection(item.reader, item.fields[ref], at, ['name', 'namespace', 'key', 'optional', 'url', 'path'])
  const optional = readFlag(fields, 'optional') ?? false
  const missing = (field: string): undefined =>
    report(item.reader, 'values-source-invalid', `${at}.${field} is missing.`) as undefined
  if (ref === 'externalSourceRef') {
    const url = readText(fields, 'url')
    if (url === undefined) return missing('url')
    if (/^https?:\/\//.test(url)) return { kind: 'url', url, optional }
    report(item.reader, 'values-source-invalid', `${at}.url is no http(s) URL.`)
    return undefined
  }
  if (ref === 'chartFileRef') {
    const path = readText(fields, 'path')
    if (path === undefined) return missing('path')
    if (!path.startsWith('/') && !path.split('/').includes('..')) return { kind: 'chart-file', path, optional }
    report(item.reader, 'values-source-invalid', `${at}.path leaves the chart.`)
    return undefined
  }
  const name = readText(fields, 'name')
  if (name === undefined) return missing('name')
  return {
    kind: ref === 'secretKeyRef' ? 'secret' : 'configmap',
    namespace: readText(fields, 'namespace') ?? namespace,
    name,
    key: readText(fields, 'key') ?? 'values.yaml',
    optional,
  }
}

/** `valueFileSecrets` first, then `valuesFrom` in its order; inline values come after both. */
export function readValuesFromV1(spec: Section, namespace: string): ValuesSource[] {
  const { reader } = spec
  const secrets = readList(spec, 'valueFileSecrets').flatMap((item, index): ValuesSource[] => {
    const name = readText(openSection(reader, item, `spec.valueFileSecrets[${index}]`, ['name']), 'name')
    if (name !== undefined) return [{ kind: 'secret', namespace, name, key: 'values.yaml', optional: false }]
    report(reader, 'values-source-invalid', `spec.valueFileSecrets[${index}].name is missing.`)
    return []
  })
  const listed = readList(spec, 'valuesFrom').flatMap((item, index): ValuesSource[] => {
    const section = openSection(reader, item, `spec.valuesFrom[${index}]`, v1Refs)
    const refs = v1Refs.filter((ref) => isMap(section.fields[ref]))
    const [ref] = refs
    if (ref === undefined || refs.length > 1) {
      report(reader, 'values-source-invalid', `${section.path} must hold exactly one of ${v1Refs.join(', ')}.`)
      return []
    }
    return [readRefV1(section, ref, namespace) ?? []].flat()
  })
  return [...secrets, ...listed]
}

export function readValuesFromV2(spec: Section, namespace: string): ValuesSource[] {
  return readList(spec, 'valuesFrom').flatMap((value, index): ValuesSource[] => {
    const at = `spec.valuesFrom[${index}]`
    const item = openSection(spec.reader, value, at, ['kind', 'name', 'valuesKey', 'targetPath', 'optional', 'literal'])
    const [kind, name, targetPath] = [readText(item, 'kind'), readText(item, 'name'), readText(item, 'targetPath')]
    if (kind !== 'ConfigMap' && kind !== 'Secret') {
      reportNotHonoured(spec.reader, `${at}.kind ${kind ?? '(absent)'}`, 'Use ConfigMap or Secret.')
      return []
    }
    if (name === undefined) {
      report(spec.reader, 'values-source-invalid', `${at}.name is missing.`)
      return []
    }
    return [
      {
        kind: kind === 'Secret' ? 'secret' : 'configmap',
        namespace,
        name,
        key: readText(item, 'valuesKey') ?? 'values.yaml',
        optional: readFlag(item, 'optional') ?? false,
        literal: readFlag(item, 'literal') ?? false,
        ...(targetPath === undefined ? {} : { targetPath }),
      },
    ]
  })
}
