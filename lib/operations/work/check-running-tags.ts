import { imageAlerts, imageScope, movedKey, type TagInUse } from '#lib/core/alert/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { TagRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { keepTags, type ImageScan, type TagChange } from './image-scan.ts'
import { usersOf, usesByTag } from './image-uses.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'settings' | 'wakeups'>

/** A digest, or what the registry said instead: the tag is not there, or nothing that can be read. */
type Head = { digest: string } | 'absent' | 'unknown'

/**
 * A tag that runs and now names another image, or is gone, is an alert and never a silent change (§9.7). The alert ends
 * when the tag is right again or runs no more. Returns whether one moved: its build time is another one then.
 */
export async function checkRunningTags(deps: Deps, scan: ImageScan): Promise<boolean> {
  const changes: TagChange[] = []
  const inUse: TagInUse[] = []
  for (const [tag, uses] of usesByTag(scan.uses)) {
    const head = await headOf(scan, tag)
    const record = scan.tags.get(tag)
    const isOpen = deps.memory.openAlerts.has(movedKey(scan.name, tag))
    const change = record && typeof head === 'object' ? changeOf(deps, record, head.digest, isOpen) : undefined
    if (change) changes.push(change)
    const { moved, digest } = { ...record, ...change }
    const isMoved = moved !== undefined && digest !== undefined && (isOpen || change?.moved !== undefined)
    inUse.push({
      ...usersOf(deps, uses),
      tag,
      registry: head === 'unknown' ? head : head === 'absent' ? 'lacks-it' : 'has-it',
      ...(isMoved ? { moved: { from: moved.from, to: digest } } : {}),
    })
  }
  // Told first: where the worker dies in between, the next scan finds the same.
  await settleAlerts(deps, imageScope(scan.name), imageAlerts(scan.name, inUse))
  await keepTags(deps.store, scan, changes)
  return changes.some((change) => Object.hasOwn(change, 'moved'))
}

async function headOf({ registry, address }: ImageScan, tag: string): Promise<Head> {
  try {
    return (await registry.headTag(address, tag)) ?? 'absent'
  } catch (error) {
    if (error instanceof Fault && error.code === 'registry-answer-invalid') return 'unknown'
    throw error
  }
}

/** While its alert is open, a tag is compared with what it was before it moved at all: it may come back to that. */
function changeOf(deps: Deps, record: TagRecord, digest: string, isOpen: boolean): TagChange | undefined {
  const { name, digest: before } = record
  if (before === digest) return undefined
  if (before === undefined) return { name, digest }
  const from = isOpen ? (record.moved?.from ?? before) : before
  const moved = from === digest ? undefined : { from, at: deps.clock.now() }
  return { name, digest, created: undefined, moved }
}
