import { objectId, type KubeObject } from '../manifest/index.ts'
import type { MaskValue } from '../redact/index.ts'
import { compareObject, goneObject } from './compare-objects.ts'
import { findRisks } from './find-risks.ts'
import type { Plan, PlannedHook, PlannedObject, RenderedObject, Risk } from './types.ts'

export interface PlanInput {
  rendered: readonly RenderedObject[]
  /** Objects of the revision that stands, with the live one of each; from them follows what is deleted. */
  standing: readonly { object: KubeObject; live: KubeObject | undefined }[]
  /** For objects of the manifest that name none. */
  namespace: string
  hooks: readonly PlannedHook[]
  /** Unstable templates, newer CRDs in the chart. */
  risks: readonly Risk[]
  /** Masks the values of Secrets; a keyed hash lets a change be seen. */
  hide: MaskValue
}

const places: Record<PlannedObject['change'], number> = { deleted: 0, changed: 1, created: 2, kept: 3, unchanged: 4 }

/** What an intended change does, object by object: what fails first, then deletions, changes, creations, the rest. */
export function makePlan(input: PlanInput): Plan {
  const { hide, namespace } = input
  const objects = input.rendered.map((object) => compareObject(object, hide))
  const present = new Set(input.rendered.map(({ id }) => id))
  for (const { object, live } of input.standing) {
    const id = objectId(object, namespace)
    if (present.has(id)) continue
    const gone = goneObject(id, object, live, hide)
    if (gone) objects.push(gone)
  }
  const place = (object: PlannedObject) => (object.fails === undefined ? places[object.change] : -1)
  objects.sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const hooks = [...input.hooks]
  return { objects, hooks, risks: findRisks(objects, hooks, input.risks) }
}
