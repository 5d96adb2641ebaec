import { canonicalJson } from '#lib/core/audit/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { definitionRisk, definitionsIn, type Definition, type Risk } from '#lib/core/plan/index.ts'
import type { WorkerDeps } from './deps.ts'
import type { ReleaseView } from './see-release.ts'

export interface PlannedDefinitions {
  risks: Risk[]
  /** Those that Helm will create before it renders the chart: their kinds are known by then. */
  created: Definition[]
}

/** Looks at each definition that the chart brings beside its templates as the API server would have it now. */
export async function planDefinitions(
  deps: Pick<WorkerDeps, 'cluster' | 'helm'>,
  { chart, desired, seen }: Pick<ReleaseView, 'chart' | 'desired' | 'seen'>,
): Promise<PlannedDefinitions> {
  const isCreated = desired.crds === 'create' && seen.history.length === 0
  const planned: PlannedDefinitions = { risks: [], created: [] }
  for (const definition of definitionsIn(await deps.helm.readDefinitions(chart?.path ?? ''))) {
    const stands = await compareDefinition(deps, definition)
    const risk = definitionRisk(definition, stands, isCreated)
    if (risk) planned.risks.push(risk)
    if (stands === 'missing' && isCreated) planned.created.push(definition)
  }
  return planned
}

/** Defaults and what others add, as a CA bundle, make no difference: both are as the API server says. */
async function compareDefinition(
  { cluster }: Pick<WorkerDeps, 'cluster'>,
  { object }: Definition,
): Promise<'missing' | 'same' | 'different'> {
  const { apiVersion, kind, metadata } = object
  const live = await cluster.get({ apiVersion, kind, name: metadata.name })
  if (!live) return 'missing'
  try {
    const applied = await cluster.apply(object, { fieldManager: 'helm', force: true, dryRun: true })
    return canonicalJson(applied.spec ?? null) === canonicalJson(live.spec ?? null) ? 'same' : 'different'
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error
    return 'different'
  }
}
