import { objectId, type KubeObject } from '#lib/core/manifest/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import {
  findUnstable,
  suspectTemplates,
  withFailingCalls,
  keyedMask,
  makePlan,
  parseRendered,
  planDigest,
  type DryRun,
  type Plan,
  type RenderedObject,
  type Risk,
} from '#lib/core/plan/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { DesiredRelease } from '#lib/core/release/index.ts'
import { buildSnapshot } from '#lib/core/snapshot/index.ts'
import type { HelmRenderRequest } from '#lib/ports/helm.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'
import { inItsNamespace, inParallel, liveOf, storedRevision, tryOut } from './look-at-objects.ts'
import { planDefinitions, type PlannedDefinitions } from './plan-definitions.ts'
import { quoteHelm, requestOf } from './run-helm.ts'
import { seeRelease, type ReleaseView } from './see-release.ts'

/** In labels only, which are no part of the manifest. */
const plannedAttempt = { id: 'plan', operation: 'plan' }

/** What somebody means to do to one release. */
export interface Intended {
  /** The file of its document as it would be. */
  path: string
  text: string
  /** Digest each image will have, by container. */
  images: Readonly<Record<string, string>>
  policy: unknown
  gates: unknown
  way: unknown
  /** What is to be said of it besides what the cluster says. */
  risks?: readonly Risk[]
}

export type ReleasePlanned =
  | {
      kind: 'planned'
      plan: Plan
      digest: string
      manifest: string
      chart: { name: string; version: string; digest: string }
      /** What the release loop will deploy, and under this plan nothing else. */
      inputs: string
    }
  /** It cannot be foretold what would happen; nobody can agree to it. */
  | { kind: 'refused'; problem: Problem }

/**
 * What an intended change of a release's document would do: rendered as the upgrade itself would be, compared object by object
 * with the live ones by server-side dry run. Writes nothing. Throws the Faults of an API server or chart source that is away.
 */
export async function planRelease(
  deps: WorkerDeps,
  record: ReleaseRecord,
  intended: Intended,
): Promise<ReleasePlanned> {
  const desired = await desiredAfter(deps, record, intended)
  if ('problem' in desired) return { kind: 'refused', problem: desired.problem }
  const view = await seeRelease(deps, record, desired.release)
  if (!view) throw new Fault('unavailable', 'The cluster is still being read.', { retryable: true })
  const unready = notReady(view)
  if (unready) return { kind: 'refused', problem: unready }
  const definitions = await planDefinitions(deps, view)
  const request = renderRequest(deps, view, definitions)
  const rendered = await deps.helm.render(request)
  if (rendered.kind === 'failed')
    return refused(view, 'chart-does-not-render', quoteHelm(deps, record.id, rendered.message))
  const unstable = await unstableParts(deps, view, request, rendered.manifest)
  const [first] = unstable.refused
  if (first) return refused(view, 'chart-unstable', first.says)
  const hide = keyedMask(deps.settings.planKey)
  const objects = await lookAtObjects(deps, view, definitions, rendered.manifest)
  const standing = await standingObjects(deps, view, new Set(objects.map(({ id }) => id)))
  const plan = makePlan({
    rendered: objects,
    standing,
    namespace: view.desired.targetNamespace,
    hooks: rendered.hooks,
    risks: [...unstable.marks, ...definitions.risks, ...(intended.risks ?? [])],
    hide,
  })
  const blob = fileOf(deps, intended.path)
  const secrets = new Set(view.secrets)
  const facts = {
    blobs: { [intended.path]: blob ?? '' },
    images: intended.images,
    chart: view.chart?.digest ?? '',
    values: mapTexts(view.values, (text) => (secrets.has(text) ? hide(text) : text)),
    objects,
    policy: intended.policy,
    gates: intended.gates,
    way: intended.way,
  }
  return {
    kind: 'planned',
    plan: withoutSecrets(deps, record, plan),
    digest: planDigest(facts, hide),
    manifest: rendered.manifest,
    inputs: view.seen.inputs ?? '',
    chart: { name: '', version: '', digest: '', ...view.chart },
  }
}

/** What came out of a Secret may stand in any object, and in the API server's words about it. */
function withoutSecrets({ redaction, memory }: WorkerDeps, { id }: ReleaseRecord, plan: Plan): Plan {
  const known = memory.secrets.of(id)
  if (known.length === 0) return plan
  const hide = (text: string) => redaction.object(text, known)
  const objects = plan.objects.map((object) => ({
    ...object,
    before: hide(object.before),
    after: hide(object.after),
    ...(object.fails === undefined ? {} : { fails: hide(object.fails) }),
  }))
  return { ...plan, objects, risks: plan.risks.map((risk) => ({ ...risk, says: hide(risk.says) })) }
}

/** Git blob id of a file at the snapshot's commit. */
function fileOf(deps: WorkerDeps, path: string): string | undefined {
  for (const [blob, file] of deps.memory.snapshot?.files ?? []) if (file.path === path) return blob
  return undefined
}

/** The release as the intended text says it, read as any commit is. */
async function desiredAfter(
  deps: WorkerDeps,
  record: ReleaseRecord,
  intended: Intended,
): Promise<{ release: DesiredRelease } | { problem: Problem }> {
  const { snapshot } = deps.memory
  if (!snapshot) throw new Fault('unavailable', 'Git has not been read yet.', { retryable: true })
  const tree = await deps.git.listFiles(snapshot.commit)
  const known = [...snapshot.files].map(([blob, { path }]) => ({ path, blob, content: undefined }))
  const planned = {
    path: intended.path,
    blob: `planned ${intended.path}`,
    content: { kind: 'text' as const, text: intended.text },
  }
  const after = buildSnapshot({
    commit: snapshot.commit,
    allPaths: tree.map(({ path }) => path),
    files: [...known.filter(({ path }) => path !== intended.path), planned],
    previous: snapshot,
  })
  const id = helmReleaseId(record)
  const release = after.releases.find((candidate) => candidate.id === id)
  if (release) return { release }
  const said = after.problems.find(({ path, subject }) => path === intended.path || subject === id)
  return {
    problem: said ?? { code: 'document-gone', severity: 'error', message: `${intended.path} would hold no ${id}.` },
  }
}

function notReady({ seen, desired }: ReleaseView): Problem | undefined {
  const wrong = desired.problems.find(({ severity }) => severity === 'error')
  if (wrong) return wrong
  if (seen.chart.kind === 'failed') return seen.chart.problem
  if (seen.values.kind !== 'ready') return seen.values.problem
  if (seen.chart.kind === 'waiting')
    throw new Fault('chart-unavailable', seen.chart.problem.message, { retryable: true })
  return undefined
}

function refused(view: ReleaseView, code: string, message: string): ReleasePlanned {
  const { path, line, id } = view.desired
  return { kind: 'refused', problem: { code, severity: 'error', message, path, line, subject: id } }
}

/**
 * Where templates name what changes by itself, two more renderings tell whether the first can be relied on: the same again,
 * and one in which whatever changes fails, so that what is named and never called does no harm.
 */
async function unstableParts(deps: WorkerDeps, view: ReleaseView, request: HelmRenderRequest, first: string) {
  const templates = await deps.helm.readTemplates(view.chart?.path ?? '')
  const values = textsIn(view.values).filter((text) => text.includes('{{'))
  const suspects = suspectTemplates([...templates, { path: 'spec.values', text: values.join('\n') }])
  if (suspects.length === 0) return { refused: [], marks: [] }
  const failing = { ...request, values: mapTexts(request.values, (text) => withFailingCalls(text)) }
  const [again, withFailing] = await Promise.all([
    deps.helm.render(request),
    deps.helm.renderEdited(failing as HelmRenderRequest, withFailingCalls),
  ])
  return findUnstable(first, { again: again.kind === 'failed' ? first : again.manifest, withFailing }, suspects)
}

/** Helm creates missing definitions before it renders: with a dry run it fails for want of them. */
function renderRequest(deps: WorkerDeps, view: ReleaseView, { created }: PlannedDefinitions): HelmRenderRequest {
  const request = requestOf(deps, view, plannedAttempt)
  return { ...request, kindsToCome: created.map(({ kind }) => kind) }
}

async function lookAtObjects(
  deps: WorkerDeps,
  view: ReleaseView,
  { created }: PlannedDefinitions,
  manifest: string,
): Promise<RenderedObject[]> {
  return inParallel(parseRendered(manifest), async (next) => {
    const { apiVersion, kind } = next.object
    const defined = created.find(
      ({ kind: own }) => own.kind === kind && own.versions.some((version) => `${own.group}/${version}` === apiVersion),
    )?.kind
    const placed =
      defined?.isNamespaced === false
        ? next.object
        : await inItsNamespace(deps, next.object, view.desired.targetNamespace)
    const live = await liveOf(deps, placed)
    // Of a kind that is only to come the API server cannot say more.
    const dryRun: DryRun = defined ? { kind: 'accepted', object: placed } : await tryOut(deps, placed)
    return { id: objectId(placed, view.desired.targetNamespace), rendered: placed, live, dryRun, ...sourceOf(next) }
  })
}

const sourceOf = ({ source }: { source?: string }) => (source === undefined ? {} : { source })

/** Objects of the revision that stands and that the new manifest does not have. */
async function standingObjects(deps: WorkerDeps, view: ReleaseView, present: ReadonlySet<string>) {
  const revision = view.seen.history.find(({ status }) => status === 'deployed')?.revision
  if (revision === undefined) return []
  const stored = await storedRevision(deps, view.desired, revision)
  const standing: { object: KubeObject; live: KubeObject | undefined }[] = []
  for (const { object } of parseRendered(stored?.manifest ?? '')) {
    const placed = await inItsNamespace(deps, object, view.desired.targetNamespace)
    if (present.has(objectId(placed, view.desired.targetNamespace))) continue
    standing.push({ object: placed, live: await liveOf(deps, placed) })
  }
  return standing
}

/** The same with each text, however deep, as `change` makes it. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]))
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
