import type { ReleasePatch, ReleaseRecord } from '../../ports/store/index.ts'
import type { Release } from './generated/client.ts'
import { date, dateOrNull, json, jsonOrNull, ms, msOrNothing, read, readOrNothing, same } from './columns.ts'

/** How each part of the record is stored; the compiler holds it to the record. */
const stored = {
  cluster: (value: string) => value,
  namespace: (value: string) => value,
  name: (value: string) => value,
  releaseName: (value: string) => value,
  storageNamespace: (value: string) => value,
  targetNamespace: (value: string) => value,
  application: (value: string) => value,
  environment: (value: string) => value,
  path: (value: string) => value,
  line: (value: number) => value,
  generation: (value: string) => value,
  mode: (value: string) => value,
  desired: (value: boolean) => value,
  automated: (value: boolean) => value,
  lock: jsonOrNull,
  chart: json,
  images: json,
  phase: (value: string) => value,
  reason: (value: string) => value,
  phaseSince: date,
  health: (value: string) => value,
  healthReason: (value: string) => value,
  healthSince: date,
  revision: (value: number | undefined) => value ?? null,
  deployedAt: dateOrNull,
  problems: json,
  baseline: jsonOrNull,
  emergency: jsonOrNull,
  behind: (value: number | undefined) => value ?? null,
  asked: (value: string | undefined) => value ?? null,
  operation: (value: string | undefined) => value ?? null,
} satisfies { [Part in keyof Required<ReleasePatch>]: (value: never) => unknown }

type Part = keyof typeof stored
export type ReleaseColumns = { [P in Part]: ReturnType<(typeof stored)[P]> }

/** May be cleared: given as undefined they become empty, where others given as undefined are left alone. */
const clearable: ReadonlySet<Part> = new Set([
  'lock',
  'revision',
  'deployedAt',
  'baseline',
  'emergency',
  'behind',
  'asked',
  'operation',
])

const partsOf = (patch: ReleasePatch): Part[] =>
  (Object.keys(stored) as Part[]).filter(
    (part) => Object.hasOwn(patch, part) && (patch[part] !== undefined || clearable.has(part)),
  )

export function toColumns(patch: ReleasePatch): Partial<ReleaseColumns> {
  const entries = partsOf(patch).map((part) => {
    const store = stored[part] as (value: unknown) => unknown
    return [part, store(patch[part])]
  })
  return Object.fromEntries(entries) as Partial<ReleaseColumns>
}

/** What a release has before anything is known about it. */
export function newColumns(id: string, patch: ReleasePatch, now: number): ReleaseColumns {
  const nothing: ReleaseColumns = {
    cluster: '',
    namespace: '',
    name: id,
    releaseName: '',
    storageNamespace: '',
    targetNamespace: '',
    application: '',
    environment: '',
    path: '',
    line: 0,
    generation: '',
    mode: 'observe',
    desired: true,
    automated: false,
    lock: jsonOrNull(undefined),
    chart: { source: '' },
    images: [],
    phase: 'unknown',
    reason: '',
    phaseSince: date(now),
    health: 'unknown',
    healthReason: '',
    healthSince: date(now),
    revision: null,
    deployedAt: null,
    problems: [],
    baseline: jsonOrNull(undefined),
    emergency: jsonOrNull(undefined),
    behind: null,
    asked: null,
    operation: null,
  }
  return { ...nothing, ...toColumns(patch) }
}

/** Unique, and the order of pages. */
export const sortKeyOf = (id: string, release: Pick<ReleaseRecord, 'name' | 'namespace' | 'cluster'>): string =>
  [release.name, release.namespace, release.cluster, id].join('\u0001')

export const differs = (record: ReleaseRecord, patch: ReleasePatch): boolean =>
  partsOf(patch).some((part) => !same(record[part], patch[part]))

export function toRelease(row: Release): ReleaseRecord {
  return {
    id: row.id,
    cluster: row.cluster,
    namespace: row.namespace,
    name: row.name,
    releaseName: row.releaseName,
    storageNamespace: row.storageNamespace,
    targetNamespace: row.targetNamespace,
    application: row.application,
    environment: row.environment,
    path: row.path,
    line: row.line,
    generation: row.generation,
    mode: read(row.mode),
    desired: row.desired,
    automated: row.automated,
    lock: readOrNothing(row.lock),
    chart: read(row.chart),
    images: read(row.images),
    phase: read(row.phase),
    reason: row.reason,
    phaseSince: ms(row.phaseSince),
    health: read(row.health),
    healthReason: row.healthReason,
    healthSince: ms(row.healthSince),
    revision: row.revision ?? undefined,
    deployedAt: msOrNothing(row.deployedAt),
    problems: read(row.problems),
    baseline: readOrNothing(row.baseline),
    emergency: readOrNothing(row.emergency),
    behind: row.behind ?? undefined,
    asked: readOrNothing(row.asked),
    operation: row.operation ?? undefined,
    version: row.version,
  }
}
