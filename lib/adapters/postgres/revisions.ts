import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { ReleaseStore, RevisionContent, RevisionRecord } from '../../ports/store/index.ts'
import { date, json, jsonText, ms, page, pageSize, read, same } from './columns.ts'
import type { Revision } from './generated/client.ts'
import { announceRelease } from './session.ts'
import type { Db, Session } from './session.ts'

type Revisions = Pick<ReleaseStore, 'saveRevision' | 'setRevisionStatuses' | 'listRevisions' | 'revisionContent'>

const contentsKept = 50
const compress = promisify(gzip)
const decompress = promisify(gunzip)

/**
 * Facts a later save leaves out stay: who watches the cluster sees revision and status, who made the revision also knew
 * the cause.
 */
export function revisionStore(session: Session): Revisions {
  const { db } = session
  return {
    async saveRevision(record, content) {
      const key = { release: record.release, revision: record.revision }
      const before = await db.revision.findUnique({ where: { release_revision: key } })
      const changed = !before || differs(toRevision(before), record)
      if (!changed && !content) return
      const packed = content && new Uint8Array(await compress(JSON.stringify(content)))
      await session.atomically(async (tx) => {
        if (changed) {
          const columns = toColumns(record)
          await tx.revision.upsert({
            where: { release_revision: key },
            create: { ...key, ...columns },
            update: columns,
          })
        }
        if (packed) await keepContent(tx, key, packed)
        await announceRelease(session, tx, record.release)
      })
    },
    async setRevisionStatuses(release, statuses) {
      if (statuses.length === 0) return
      const given = jsonText(statuses)
      await session.atomically(async (tx) => {
        const changed = await tx.$executeRaw`
          UPDATE revision AS r SET status = given.status
          FROM jsonb_to_recordset(${given}::jsonb) AS given (revision int, status text)
          WHERE r.release = ${release} AND r.revision = given.revision AND r.status <> given.status`
        if (changed > 0) await announceRelease(session, tx, release)
      })
    },
    async listRevisions(release, options = {}) {
      const limit = pageSize(options.limit, 50)
      const rows = await db.revision.findMany({
        where: { release, revision: options.before === undefined ? undefined : { lt: options.before } },
        orderBy: { revision: 'desc' },
        take: limit + 1,
      })
      return page(rows, limit, toRevision, (row) => String(row.revision))
    },
    async revisionContent(release, revision) {
      const row = await db.revisionContent.findUnique({ where: { release_revision: { release, revision } } })
      return row ? (JSON.parse((await decompress(row.content)).toString('utf8')) as RevisionContent) : undefined
    },
  }
}

async function keepContent(
  tx: Db,
  key: { release: string; revision: number },
  content: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await tx.revisionContent.upsert({
    where: { release_revision: key },
    create: { ...key, content },
    update: { content },
    select: { revision: true },
  })
  const kept = await tx.revisionContent.findMany({
    where: { release: key.release },
    orderBy: { revision: 'desc' },
    take: contentsKept,
    select: { revision: true },
  })
  const oldest = kept.at(-1)
  if (kept.length < contentsKept || !oldest) return
  await tx.revisionContent.deleteMany({ where: { release: key.release, revision: { lt: oldest.revision } } })
}

const toColumns = (record: RevisionRecord) => ({
  status: record.status,
  updatedAt: date(record.updatedAt),
  chartName: record.chartName,
  chartVersion: record.chartVersion,
  appVersion: record.appVersion,
  description: record.description,
  operation: record.operation,
  commit: record.commit,
  cause: record.cause,
  actor: record.actor,
  images: json(record.images),
  inputs: record.inputs,
})

const differs = (before: RevisionRecord, record: RevisionRecord): boolean =>
  (Object.keys(record) as (keyof RevisionRecord)[]).some(
    (part) => record[part] !== undefined && !same(before[part], record[part]),
  )

const toRevision = (row: Revision): RevisionRecord => ({
  release: row.release,
  revision: row.revision,
  status: read(row.status),
  updatedAt: ms(row.updatedAt),
  chartName: row.chartName,
  chartVersion: row.chartVersion,
  appVersion: row.appVersion,
  description: row.description,
  operation: row.operation ?? undefined,
  commit: row.commit ?? undefined,
  cause: row.cause ?? undefined,
  actor: row.actor ?? undefined,
  images: read(row.images),
  inputs: row.inputs ?? undefined,
})
