import { objectId, type KubeObject } from '#lib/core/manifest/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import {
  addedSince,
  asHelmApplies,
  compareWithLive,
  keyedMask,
  parseRendered,
  scaledBy,
  type DryRun,
  type LiveObject,
  type RenderedObject,
} from '#lib/core/plan/index.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmKey, type WorkerDeps } from './deps.ts'
import { inItsNamespace, inParallel, liveOf, storedRevision, tryOut } from './look-at-objects.ts'

type Deps = Pick<WorkerDeps, 'cluster' | 'clock' | 'memory' | 'settings' | 'redaction'>

export interface LiveComparison {
  revision: number
  /** When the cluster was looked at. */
  at: number
  /** What differs first. */
  objects: LiveObject[]
}

const places: Record<LiveObject['state'], number> = { missing: 0, changed: 1, added: 2, same: 3 }

/**
 * Each object of a Helm revision beside the one in the cluster, by server-side dry run; redacted. Writes nothing. Throws
 * `not-found` where Helm keeps the revision no more: what the history keeps is redacted and cannot be compared.
 */
export async function compareLive(deps: Deps, record: ReleaseRecord, revision: number): Promise<LiveComparison> {
  const wanted = await manifestOf(deps, record, revision)
  const objects = await inParallel(wanted, (object) => lookAt(deps, record, object))
  const present = new Set(objects.map(({ id }) => id))
  const others = (await standing(deps, record, revision)).filter(
    (object) => !present.has(objectId(object, record.targetNamespace)),
  )
  const added = await inParallel(others, (object) => lookAt(deps, record, object))
  const hide = keyedMask(deps.settings.planKey)
  const scaled = scaledBy([...wanted, ...others])
  const secrets = deps.memory.secrets.of(record.id)
  const maskKnown = (text: string) => deps.redaction.object(text, secrets)
  const compared = [
    ...objects.map((object) => compareWithLive(object, hide, scaled)),
    ...added.flatMap((object) => addedSince(object, hide) ?? []),
  ].map((object) => ({
    ...object,
    before: maskKnown(object.before),
    after: maskKnown(object.after),
    ...(object.fails === undefined ? {} : { fails: maskKnown(object.fails) }),
  }))
  compared.sort((a, b) => places[a.state] - places[b.state] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return { revision, at: deps.clock.now(), objects: compared }
}

async function manifestOf(deps: Deps, record: ReleaseRecord, revision: number): Promise<KubeObject[]> {
  const stored = await storedRevision(deps, record, revision)
  if (!stored)
    throw new Fault('not-found', `Helm no longer keeps revision ${revision} of ${record.releaseName}.`, {
      suggestion: 'Compare a newer revision with the cluster, or this one with another revision.',
    })
  return parseRendered(stored.manifest).map(({ object }) => object)
}

/** What the revision that is deployed has; nothing where that is the one compared, or none is. */
async function standing(deps: Deps, record: ReleaseRecord, revision: number): Promise<KubeObject[]> {
  const history = deps.memory.history?.get(helmKey(record.storageNamespace, record.releaseName)) ?? []
  const deployed = history.find(({ status }) => status === 'deployed')?.revision
  if (deployed === undefined || deployed === revision) return []
  const stored = await storedRevision(deps, record, deployed)
  return stored ? parseRendered(stored.manifest).map(({ object }) => object) : []
}

async function lookAt(deps: Deps, record: ReleaseRecord, object: KubeObject): Promise<RenderedObject> {
  const { apiVersion, kind } = object
  const known = (await deps.cluster.resource(apiVersion, kind)) !== undefined
  const placed = asHelmApplies(known ? await inItsNamespace(deps, object, record.targetNamespace) : object)
  const live = known ? await liveOf(deps, placed) : undefined
  // What is not there needs no dry run: all of it is missing.
  const dryRun: DryRun = live ? await tryOut(deps, placed) : { kind: 'accepted', object: placed }
  return { id: objectId(placed, record.targetNamespace), rendered: placed, live, dryRun }
}
