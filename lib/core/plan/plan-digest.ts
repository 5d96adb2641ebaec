import { createHmac } from 'node:crypto'
import { canonicalDigest } from '../audit/index.ts'
import type { MaskValue } from '../redact/index.ts'
import { redactObject } from '../redact/index.ts'
import { liveValuesOf, ownedFields, scaledBy } from './owned-fields.ts'
import type { RenderedObject } from './types.ts'

/** Everything an approval binds (design.md, "Plan digest"). Not the head, no status, no resourceVersion. */
export interface PlanFacts {
  /** Git blob id by path, of the documents that would be changed. */
  blobs: Readonly<Record<string, string>>
  /** Image digest by container. */
  images: Readonly<Record<string, string>>
  chart: string
  /** Effective values; texts out of Secrets are replaced by `hide`. */
  values: unknown
  /** As rendered; the data of Secrets is replaced by `hide`. */
  objects: readonly RenderedObject[]
  policy: unknown
  gates: unknown
  way: unknown
}

/** A hash that tells equal from different and gives nothing away: HMAC-SHA-256 with a key that never leaves the worker. */
export function keyedMask(key: string): MaskValue {
  return (value) => `hmac:${createHmac('sha256', key).update(value).digest('hex')}`
}

/** SHA-256, 64 hex digits, of the canonical JSON of the facts and of the live values of the fields the plan sets. */
export function planDigest(facts: PlanFacts, hide: MaskValue): string {
  const scaled = scaledBy(facts.objects.map(({ rendered }) => rendered))
  const objects = facts.objects.map(({ id, rendered, live }) => ({
    id,
    rendered: redactObject(rendered, hide),
    live: live ? redactObject(liveObjectValues(rendered, live, scaled), hide) : null,
  }))
  objects.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return canonicalDigest({ ...facts, objects })
}

/** Kind stays, whatever is projected: a Secret must be known as one. */
function liveObjectValues(
  rendered: RenderedObject['rendered'],
  live: NonNullable<RenderedObject['live']>,
  scaled: ReadonlySet<string>,
): unknown {
  const values = liveValuesOf(rendered, live, ownedFields(live, scaled)) as Record<string, unknown>
  return { ...values, kind: live.kind }
}
