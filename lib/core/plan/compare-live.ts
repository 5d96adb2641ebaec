import type { KubeObject } from '../manifest/index.ts'
import { redactObject, type MaskValue } from '../redact/index.ts'
import { changedFields } from './changed-fields.ts'
import { named, shown } from './compare-objects.ts'
import { foldNoise } from './fold-noise.ts'
import { keepOwned, ownedFields } from './owned-fields.ts'
import type { LiveObject, RenderedObject } from './types.ts'

/** Sets on an object what Helm puts on everything it applies; it stands in no manifest. */
export function asHelmApplies(object: KubeObject): KubeObject {
  const { metadata } = object
  return {
    ...object,
    metadata: { ...metadata, labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'Helm' } },
  }
}

/**
 * How an object of a revision stands in the cluster: `before` as the revision would have it there, `after` as it is. What
 * controllers own is theirs and makes no difference (§9.25). `scaled` = what an autoscaler looks after.
 */
export function compareWithLive(object: RenderedObject, hide: MaskValue, scaled: ReadonlySet<string>): LiveObject {
  const { rendered, live, dryRun } = object
  const base = { ...named(object), fields: [] }
  if (!live) return { ...base, state: 'missing', before: shown(rendered, hide), after: '' }
  const wanted = dryRun.kind === 'accepted' ? dryRun.object : rendered
  const kept = keepOwned(wanted, live, ownedFields(live, scaled)) as KubeObject
  const [before, after] = [shown(kept, hide), shown(live, hide)]
  const fails = dryRun.kind === 'refused' ? { fails: dryRun.message } : {}
  if (before === after) return { ...base, ...fails, state: 'same', before: '', after: '' }
  const [was, is] = [kept, live].map((one) => redactObject(foldNoise(one), hide))
  return { ...base, ...fails, state: 'changed', fields: changedFields(was, is).sort(), before, after }
}

/** An object that runs by another revision alone. */
export function addedSince(object: RenderedObject, hide: MaskValue): LiveObject | undefined {
  if (!object.live) return undefined
  return { ...named(object), state: 'added', fields: [], before: '', after: shown(object.live, hide) }
}
