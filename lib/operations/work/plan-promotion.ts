import { Fault } from '#lib/core/fault/index.ts'
import { editDocument, type DocumentTarget } from '#lib/core/values/index.ts'
import type { PlanRecord, PromotionFacts, PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmKey, helmReleaseId, type WorkerDeps } from './deps.ts'
import { guardInForce } from './guards.ts'
import { planRelease } from './plan-release.ts'
import type { Problem } from '#lib/core/problem/index.ts'

export type PromotionPlanned =
  | {
      kind: 'planned'
      plan: PlanRecord
      /** What of `PromotionFacts` follows from the plan. */
      facts: Partial<Pick<PromotionFacts, 'inputs' | 'chart' | 'sourceMerge' | 'authors'>>
    }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'empty' }

/** The plan of a promotion as things stand now: the same digest means that nothing it binds has changed. */
export async function planPromotion(
  deps: WorkerDeps,
  target: ReleaseRecord,
  {
    way,
    environment,
    application,
    facts,
  }: Pick<PromotionRecord, 'way' | 'environment' | 'application'> & {
    facts: Pick<PromotionFacts, 'images' | 'changes' | 'path' | 'unpinned' | 'chart'>
  },
): Promise<PromotionPlanned> {
  // What Git says already is planned where it stands by now.
  const path = way === 'let-through' ? target.path : facts.path
  const before = await textOf(deps, path)
  const document = { id: helmReleaseId(target), path }
  const edited = editDocument(before, document, facts.changes)
  if (!edited.ok) return { kind: 'refused', problem: edited.problem }
  if (way !== 'let-through' && brings(before, edited.text, document, facts) === 'nothing') return { kind: 'empty' }
  const planned = await planRelease(deps, target, {
    path,
    text: edited.text,
    images: Object.fromEntries(facts.images.map(({ container, digest }) => [container, digest])),
    policy: target.images.map(({ container, policy }) => [container, policy ?? null]),
    gates: guardInForce(deps, { environment, application }).inForce.gates,
    way,
    risks: facts.unpinned === undefined ? [] : [{ kind: 'chart-follows', subject: '', says: facts.unpinned }],
  })
  if (planned.kind === 'refused') return planned
  if (way === 'let-through' && stands(deps, target, planned.inputs)) return { kind: 'empty' }
  // People write passwords into values, and who may see the plan need not be allowed to read the repository.
  const hide = (text: string) => deps.redaction.object(text, deps.memory.secrets.of(target.id))
  return {
    kind: 'planned',
    facts: { inputs: planned.inputs, chart: broughtBy(planned.chart, target) },
    plan: {
      digest: planned.digest,
      plan: planned.plan,
      edits: edited.text === before ? [] : [{ path, before: hide(before), after: hide(edited.text) }],
      chartVersion: planned.chart.version,
    },
  }
}

/** A pin that comes beside an image and brings no other chart is nothing once Git names that image. */
function brings(
  before: string,
  after: string,
  document: DocumentTarget,
  { changes, chart }: Pick<PromotionFacts, 'changes' | 'chart'>,
): 'nothing' | 'something' {
  const images = changes.filter(({ kind }) => kind === 'image')
  if (images.length === 0 || chart !== undefined) return before === after ? 'nothing' : 'something'
  const edited = editDocument(before, document, images)
  return edited.ok && edited.text === before ? 'nothing' : 'something'
}

/** A chart that is another than the one deployed. */
function broughtBy(
  { name, version, digest }: { name: string; version: string; digest: string },
  { baseline }: ReleaseRecord,
): PromotionFacts['chart'] {
  return digest === baseline?.chart?.digest ? undefined : { digest, name: `${name} ${version}` }
}

/** Whether the release runs just this already. */
function stands({ memory }: WorkerDeps, { baseline, storageNamespace, releaseName }: ReleaseRecord, inputs: string) {
  const [newest] = memory.history?.get(helmKey(storageNamespace, releaseName)) ?? []
  return baseline?.inputs === inputs && newest?.status === 'deployed' && newest.revision === baseline.revision
}

async function textOf(deps: WorkerDeps, path: string): Promise<string> {
  const commit = deps.memory.snapshot?.commit
  const file = commit === undefined ? undefined : (await deps.git.listFiles(commit)).find((one) => one.path === path)
  const content = file && (await deps.git.readBlobs([file.blob])).get(file.blob)
  if (content?.kind === 'text') return content.text
  throw new Fault('conflict', `${path} is not in the branch any more.`)
}
