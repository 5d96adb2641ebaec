import type { Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import type { Store, TagRecord } from '#lib/ports/store/index.ts'
import type { ImageUse } from './image-uses.ts'

/** One scan of one image repository: what is asked, for whom, and what is known by now. */
export interface ImageScan {
  /** Canonical `host/path`. */
  name: string
  begunAt: number
  /** Git as it is followed. */
  commit: string | undefined
  address: RepositoryAddress
  registry: Registry
  uses: readonly ImageUse[]
  /** By name, kept in line with the store by `keepTags`. */
  tags: Map<string, TagRecord>
}

export type TagChange = Partial<TagRecord> & Pick<TagRecord, 'name'>

/** Writes what a scan found out about tags. */
export async function keepTags(store: Pick<Store, 'saveTags'>, scan: ImageScan, changes: TagChange[]): Promise<void> {
  if (changes.length === 0) return
  const { begunAt, commit } = scan
  await store.saveTags(
    changes.map((change) => ({ repository: scan.name, ...change })),
    { begunAt, ...(commit === undefined ? {} : { commit }) },
  )
  for (const change of changes) {
    const known = scan.tags.get(change.name) ?? { repository: scan.name, name: change.name, firstSeenAt: 0 }
    scan.tags.set(change.name, { ...known, ...change })
  }
}

export function presentTags(scan: ImageScan): TagRecord[] {
  return [...scan.tags.values()].filter((tag) => tag.vanishedAt === undefined)
}
