import type { InventoryRecord, SnapshotRecord, SnapshotStore } from '../../ports/store/index.ts'
import { date, json, jsonText, ms, read, readOrNothing } from './columns.ts'
import type { Inventory, Snapshot } from './generated/client.ts'
import { announce } from './session.ts'
import type { Session } from './session.ts'

export function snapshotStore(session: Session): SnapshotStore {
  const { db } = session
  const newest = (repository: string, take: number): Promise<Snapshot[]> =>
    db.snapshot.findMany({ where: { repository }, orderBy: { fetchedAt: 'desc' }, take })
  return {
    async saveSnapshot(record) {
      const { repository, commit, ...rest } = record
      const columns = {
        ...rest,
        parent: record.parent ?? null,
        committedAt: date(record.committedAt),
        fetchedAt: date(record.fetchedAt),
        problems: json(record.problems),
        unsupported: json(record.unsupported),
      }
      await session.atomically(async (tx) => {
        await tx.snapshot.upsert({
          where: { repository_commit: { repository, commit } },
          create: { repository, commit, ...columns },
          update: columns,
          select: { commit: true },
        })
        await announce(tx, 'repository', repository, record.fetchedAt)
      })
    },
    async latestSnapshot(repository) {
      const [row] = await newest(repository, 1)
      return row && toSnapshot(row)
    },
    async listSnapshots(repository, limit) {
      return (await newest(repository, limit)).map(toSnapshot)
    },
    async saveInventory(records) {
      if (records.length === 0) return
      const given = jsonText(records)
      await db.$executeRaw`
        INSERT INTO inventory AS known
          (cluster, object, source, api_version, kind, path, commit, digest, uid, problem, applied_at)
        SELECT DISTINCT ON (cluster, object) cluster, object, source, "apiVersion", kind, path, commit, digest, uid,
          problem, to_timestamp("appliedAt" / 1000.0)
        FROM jsonb_to_recordset(${given}::jsonb) AS given (cluster text, object text, source text,
          "apiVersion" text, kind text, path text, commit text, digest text, uid text, problem jsonb, "appliedAt" float8)
        ON CONFLICT (cluster, object) DO UPDATE SET source = excluded.source, api_version = excluded.api_version,
          kind = excluded.kind, path = excluded.path, commit = excluded.commit, digest = excluded.digest,
          uid = excluded.uid, problem = excluded.problem, applied_at = excluded.applied_at
        WHERE (known.source, known.api_version, known.path, known.commit, known.digest, known.uid, known.problem,
          known.applied_at) IS DISTINCT FROM (excluded.source, excluded.api_version, excluded.path, excluded.commit,
          excluded.digest, excluded.uid, excluded.problem, excluded.applied_at)`
    },
    async removeInventory(cluster, objects) {
      await db.inventory.deleteMany({ where: { cluster, object: { in: objects } } })
    },
    async listInventory(cluster) {
      const rows = await db.inventory.findMany({ where: { cluster }, orderBy: { object: 'asc' } })
      return rows.map(toInventory)
    },
  }
}

const toSnapshot = (row: Snapshot): SnapshotRecord => ({
  repository: row.repository,
  commit: row.commit,
  parent: row.parent ?? undefined,
  authorName: row.authorName,
  subject: row.subject,
  committedAt: ms(row.committedAt),
  fetchedAt: ms(row.fetchedAt),
  documents: row.documents,
  releases: row.releases,
  problems: read(row.problems),
  unsupported: read(row.unsupported),
})

const toInventory = (row: Inventory): InventoryRecord => ({
  cluster: row.cluster,
  object: row.object,
  source: row.source,
  apiVersion: row.apiVersion,
  kind: row.kind,
  path: row.path,
  commit: row.commit,
  digest: row.digest,
  uid: row.uid,
  problem: readOrNothing(row.problem),
  appliedAt: ms(row.appliedAt),
})
