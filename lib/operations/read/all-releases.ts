import type { ReleaseRecord, Store } from '#lib/ports/store/index.ts'

/** Every release, read page by page; whether the caller may see one is asked elsewhere. */
export async function allReleases(deps: { store: Pick<Store, 'listReleases'> }): Promise<ReleaseRecord[]> {
  const all: ReleaseRecord[] = []
  for (let after: string | undefined; ;) {
    const page = await deps.store.listReleases({ after, limit: 500 })
    all.push(...page.items)
    if (page.next === undefined) return all
    after = page.next
  }
}
