import type { ReleasePatch, ReleaseRecord, ReleaseStore } from '../../ports/store/index.ts'
import { decodeCursor, encodeCursor, page, pageSize } from './columns.ts'
import { differs, newColumns, sortKeyOf, toColumns, toRelease } from './release-row.ts'
import { announce } from './session.ts'
import type { Db, Session } from './session.ts'

type Releases = Pick<
  ReleaseStore,
  'saveRelease' | 'addReleases' | 'getRelease' | 'listReleases' | 'allReleases' | 'removeRelease'
>

export function releaseStore(session: Session): Releases {
  const { db, clock } = session
  return {
    async saveRelease(id, patch) {
      const before = await db.release.findUnique({ where: { id } })
      if (before) {
        const record = toRelease(before)
        if (!differs(record, patch)) return record
      }
      session.releases?.toldOf.add(id)
      return session.atomically((tx) => writeRelease(tx, id, patch, clock.now(), !before))
    },
    async addReleases(patches) {
      for (const id of patches.keys()) session.releases?.toldOf.add(id)
      return session.atomically((tx) => insertReleases(tx, patches, clock.now()))
    },
    async getRelease(id) {
      const row = await db.release.findUnique({ where: { id } })
      return row ? toRelease(row) : undefined
    },
    async listReleases(filter = {}) {
      const { environment, application, cluster } = filter
      const limit = pageSize(filter.limit, 100)
      const after = decodeCursor(filter.after, (key) => typeof key === 'string')
      const rows = await db.release.findMany({
        where: { environment, application, cluster, sortKey: after === undefined ? undefined : { gt: after } },
        orderBy: { sortKey: 'asc' },
        take: limit + 1,
      })
      return page(rows, limit, toRelease, (row) => encodeCursor(row.sortKey))
    },
    async allReleases(cluster) {
      const rows = await db.release.findMany({ where: { cluster } })
      return rows.map(toRelease)
    },
    async removeRelease(id) {
      await session.atomically(async (tx) => {
        const { count } = await tx.release.deleteMany({ where: { id } })
        await tx.revisionContent.deleteMany({ where: { release: id } })
        await tx.revision.deleteMany({ where: { release: id } })
        await tx.decision.deleteMany({ where: { release: id } })
        if (count === 0) return
        await announce(tx, 'release', id, clock.now())
        await announce(tx, 'releases', '', clock.now())
      })
    },
  }
}

async function writeRelease(
  tx: Db,
  id: string,
  patch: ReleasePatch,
  now: number,
  isNew: boolean,
): Promise<ReleaseRecord> {
  const [created] = isNew ? await insertReleases(tx, new Map([[id, patch]]), now) : []
  if (created) return created
  const row = await tx.release.update({ where: { id }, data: { ...toColumns(patch), version: { increment: 1 } } })
  const sortKey = sortKeyOf(id, row)
  if (sortKey !== row.sortKey) await tx.release.update({ where: { id }, data: { sortKey }, select: { id: true } })
  await announce(tx, 'release', id, row.version)
  return toRelease(row)
}

async function insertReleases(
  tx: Db,
  patches: ReadonlyMap<string, ReleasePatch>,
  now: number,
): Promise<ReleaseRecord[]> {
  const data = [...patches].map(([id, patch]) => {
    const columns = newColumns(id, patch, now)
    return { ...columns, id, version: 1, sortKey: sortKeyOf(id, columns) }
  })
  const created = await tx.release.createManyAndReturn({ data, skipDuplicates: true })
  if (created.length === 0) return []
  const told = created.map(({ id, version }) => ({ topic: 'release', subject: id, version }))
  await tx.outbox.createMany({ data: [...told, { topic: 'releases', subject: '', version: now }] })
  return created.map(toRelease)
}
