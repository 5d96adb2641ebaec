import type { ScannedTag } from '../../core/policy/index.ts'
import type { DecisionRecord, ImageRepositoryRecord, ScanRecord, TagRecord, TagStore } from '../../ports/store/index.ts'
import { date, dateOrNull, decodeCursor, encodeCursor, json, jsonText, ms, msOrNothing } from './columns.ts'
import { page, pageSize, read, readOrNothing, same } from './columns.ts'
import { Prisma } from './generated/client.ts'
import type { Decision, ImageRepository, Scan, Tag } from './generated/client.ts'
import { announce, announcement, announceRelease } from './session.ts'
import type { Db, Session } from './session.ts'

type Known = Pick<Tag, 'name' | 'digest' | 'created' | 'createdRead' | 'firstSeenAt' | 'vanishedAt' | 'moved'>

const tagsPerStatement = 5000

export function tagStore(session: Session): TagStore {
  return { ...repositories(session), ...tags(session), ...scans(session), ...decisions(session) }
}

function repositories(
  session: Session,
): Pick<
  TagStore,
  'watchRepositories' | 'listImageRepositories' | 'getImageRepository' | 'saveImageRepository' | 'requestScans'
> {
  const { db, clock } = session
  return {
    async watchRepositories(uses) {
      const given = jsonText(uses)
      await session.atomically(async (tx) => {
        const changed = await tx.$executeRaw`
          INSERT INTO image_repository AS known (name, used_by, next_scan_at)
          SELECT name, ARRAY(SELECT jsonb_array_elements_text("usedBy")), ${date(clock.now())}::timestamptz
          FROM jsonb_to_recordset(${given}::jsonb) AS given (name text, "usedBy" jsonb)
          ON CONFLICT (name) DO UPDATE SET used_by = excluded.used_by, watched = true
          WHERE known.used_by <> excluded.used_by OR NOT known.watched`
        const dropped = await tx.imageRepository.updateMany({
          where: { watched: true, name: { notIn: uses.map((use) => use.name) } },
          data: { watched: false, usedBy: [] },
        })
        if (changed + dropped.count > 0) await announce(tx, 'images', '', clock.now())
      })
    },
    async listImageRepositories() {
      const rows = await db.imageRepository.findMany({ where: { watched: true }, orderBy: { name: 'asc' } })
      return rows.map(toRepository)
    },
    async getImageRepository(name) {
      const row = await db.imageRepository.findUnique({ where: { name } })
      return row ? toRepository(row) : undefined
    },
    async saveImageRepository(record, dueAtStart) {
      const { name, problem } = record
      const before = await db.imageRepository.findUnique({ where: { name } })
      const news = !before || before.tagCount !== record.tagCount || !same(before.problem, problem)
      // A scan that found nothing new is not worth waking every page.
      const telling = news ? Prisma.sql`WITH told AS (${announcement('images', name, clock.now())})` : Prisma.empty
      const dueBefore = dateOrNull(dueAtStart)
      await db.$executeRaw`
        ${telling} INSERT INTO image_repository AS known (name, used_by, next_scan_at, scanned_at, tag_count, etag, problem)
        VALUES (${name}, '{}', ${date(record.nextScanAt)}::timestamptz, ${dateOrNull(record.scannedAt)}::timestamptz,
          ${record.tagCount}::integer, ${record.etag ?? null}::text, ${problem ? jsonText(problem) : null}::jsonb)
        ON CONFLICT (name) DO UPDATE SET
          scanned_at = excluded.scanned_at, tag_count = excluded.tag_count, etag = excluded.etag, problem = excluded.problem,
          next_scan_at = CASE WHEN ${dueBefore}::timestamptz IS NULL OR known.next_scan_at = ${dueBefore}::timestamptz
            THEN excluded.next_scan_at ELSE known.next_scan_at END`
    },
    async requestScans(names, at) {
      await db.imageRepository.updateMany({
        where: { name: { in: [...names] }, watched: true },
        data: { nextScanAt: date(at) },
      })
    },
  }
}

function tags(session: Session): Pick<TagStore, 'saveTags' | 'allTags' | 'listTags'> {
  const { db, clock } = session
  return {
    async saveTags(given, scan) {
      const byRepository = Map.groupBy(given, (tag) => tag.repository)
      if (byRepository.size === 0) return
      await session.atomically(async (tx) => {
        for (const [repository, own] of byRepository) {
          const id = await repositoryId(tx, repository, clock.now())
          let changed = 0
          for (let from = 0; from < own.length; from += tagsPerStatement) {
            changed += await upsertTags(tx, id, own.slice(from, from + tagsPerStatement), clock.now())
          }
          if (changed === 0) continue
          if (scan) await keepScan(tx, { ...scan, repository, at: clock.now(), tags: scannedTags(own) })
          await announce(tx, 'images', repository, clock.now())
        }
      })
    },
    async allTags(repository) {
      const rows = await db.$queryRaw<Known[]>`
        SELECT ${columns} FROM tag
        WHERE repository_id = (SELECT id FROM image_repository WHERE name = ${repository})`
      return rows.map((row) => toTag(repository, row))
    },
    async listTags(repository, options = {}) {
      const limit = pageSize(options.limit, 100)
      const search = options.search ? Prisma.sql`AND strpos(name, ${options.search}) > 0` : Prisma.empty
      const after = decodeCursor(options.after, isTagKey)
      const rest = after
        ? Prisma.sql`AND (coalesce(created, '-infinity'), first_seen_at, name)
            < (coalesce(to_timestamp(${after[0]}::float8 / 1000), '-infinity'), to_timestamp(${after[1]}::float8 / 1000), ${after[2]})`
        : Prisma.empty
      const rows = await db.$queryRaw<Known[]>`
        SELECT ${columns} FROM tag
        WHERE repository_id = (SELECT id FROM image_repository WHERE name = ${repository}) ${search} ${rest}
        ORDER BY coalesce(created, '-infinity') DESC, first_seen_at DESC, name DESC
        LIMIT ${limit + 1}`
      const key = (row: Known): string => encodeCursor([row.created?.getTime() ?? null, ms(row.firstSeenAt), row.name])
      return page(rows, limit, (row) => toTag(repository, row), key)
    },
  }
}

const columns = Prisma.sql`name, digest, created, created_read AS "createdRead", first_seen_at AS "firstSeenAt",
  vanished_at AS "vanishedAt", moved`

const isTagKey = (key: unknown): key is [number | null, number, string] =>
  Array.isArray(key) &&
  (key[0] === null || Number.isFinite(key[0])) &&
  Number.isFinite(key[1]) &&
  typeof key[2] === 'string'

async function repositoryId(tx: Db, name: string, now: number): Promise<number> {
  const found = await tx.imageRepository.findUnique({ where: { name }, select: { id: true } })
  if (found) return found.id
  const made = await tx.imageRepository.upsert({
    where: { name },
    create: { name, nextScanAt: date(now), watched: false },
    update: {},
    select: { id: true },
  })
  return made.id
}

type GivenTag = Parameters<TagStore['saveTags']>[0][number]

/** Returns how many rows it wrote; rows that say nothing new are not touched. */
async function upsertTags(tx: Db, repository: number, given: GivenTag[], now: number): Promise<number> {
  const rows = given.map((tag) => ({
    ...tag,
    createdRead: tag.created !== undefined,
    // Left out = stays; given as undefined = seen again, to be read anew, or no longer worth telling.
    setDigest: Object.hasOwn(tag, 'digest'),
    setCreated: Object.hasOwn(tag, 'created'),
    setVanished: Object.hasOwn(tag, 'vanishedAt'),
    setMoved: Object.hasOwn(tag, 'moved'),
  }))
  const [counted] = await tx.$queryRaw<{ written: bigint }[]>`
    WITH given AS MATERIALIZED (
      SELECT DISTINCT ON (name) name, digest, "setDigest" AS set_digest, to_timestamp(created / 1000) AS created,
        "createdRead" AS created_read, "setCreated" AS set_created, to_timestamp("firstSeenAt" / 1000) AS first_seen_at, to_timestamp("vanishedAt" / 1000) AS vanished_at,
        "setVanished" AS set_vanished, moved, "setMoved" AS set_moved
      FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS row (name text, digest text, "setDigest" boolean,
        created float8, "createdRead" boolean, "setCreated" boolean, "firstSeenAt" float8, "vanishedAt" float8, "setVanished" boolean, moved jsonb,
        "setMoved" boolean)
    ), changed AS (
      UPDATE tag AS t SET
        digest = CASE WHEN g.set_digest THEN g.digest ELSE t.digest END,
        created = CASE WHEN g.set_created THEN g.created ELSE t.created END,
        created_read = CASE WHEN g.set_created THEN g.created_read ELSE t.created_read END,
        first_seen_at = coalesce(g.first_seen_at, t.first_seen_at),
        vanished_at = CASE WHEN g.set_vanished THEN g.vanished_at ELSE t.vanished_at END,
        moved = CASE WHEN g.set_moved THEN g.moved ELSE t.moved END
      FROM given AS g
      WHERE t.repository_id = ${repository} AND t.name = g.name AND (
        (g.set_digest AND t.digest IS DISTINCT FROM g.digest)
        OR (g.set_created AND (t.created_read <> g.created_read OR t.created IS DISTINCT FROM g.created))
        OR t.first_seen_at <> coalesce(g.first_seen_at, t.first_seen_at)
        OR (g.set_vanished AND t.vanished_at IS DISTINCT FROM g.vanished_at)
        OR (g.set_moved AND t.moved IS DISTINCT FROM g.moved))
      RETURNING 1
    ), added AS (
      INSERT INTO tag (repository_id, name, digest, created, created_read, first_seen_at, vanished_at, moved)
      SELECT ${repository}, name, digest, created, created_read, coalesce(first_seen_at, ${date(now)}::timestamptz),
        vanished_at, moved
      FROM given
      ON CONFLICT (repository_id, name) DO NOTHING
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM added) AS written`
  return Number(counted?.written ?? 0)
}

/** Every entry says something, so that none is lost where many scans become one. */
function scannedTags(given: readonly GivenTag[]): Record<string, ScannedTag> {
  const entries = given.map((tag): [string, ScannedTag] => [
    tag.name,
    {
      ...(Object.hasOwn(tag, 'created') ? { created: tag.created === undefined ? 'unread' : tag.created } : {}),
      ...(Object.hasOwn(tag, 'digest') ? { digest: tag.digest ?? null } : {}),
      ...(Object.hasOwn(tag, 'vanishedAt') || tag.firstSeenAt !== undefined
        ? { vanished: tag.vanishedAt !== undefined }
        : {}),
    },
  ])
  return Object.fromEntries(entries.filter(([, news]) => Object.keys(news).length > 0))
}

async function keepScan(tx: Db, { repository, begunAt, at, commit, tags }: Omit<ScanRecord, 'seq'>): Promise<void> {
  const data = { repository, begunAt: date(begunAt), at: date(at), commit: commit ?? null, tags: json(tags) }
  await tx.scan.create({ data, select: { seq: true } })
}

function scans({ db }: Session): Pick<TagStore, 'listScans'> {
  return {
    async listScans(repository) {
      const where = repository === undefined ? {} : { repository }
      return (await db.scan.findMany({ where, orderBy: { seq: 'asc' } })).map(toScan)
    },
  }
}

function decisions(session: Session): Pick<TagStore, 'saveDecision' | 'listDecisions'> {
  const { db } = session
  return {
    async saveDecision(decision) {
      const { release, container } = decision
      const [last] = await db.decision.findMany({ where: { release, container }, orderBy: { id: 'desc' }, take: 1 })
      // The same decision again is no news: the row says since when it holds, and what was begun on account of it.
      const { operation = last?.operation ?? undefined } = decision
      if (last && same({ ...toDecision(last), at: 0 }, { ...decision, operation, at: 0 })) return
      await session.atomically(async (tx) => {
        await tx.decision.create({ data: { ...decision, at: date(decision.at) }, select: { id: true } })
        await announceRelease(session, tx, release)
      })
    },
    async listDecisions(release, limit) {
      const rows = await db.decision.findMany({ where: { release }, orderBy: { id: 'desc' }, take: limit })
      return rows.map(toDecision)
    },
  }
}

const toRepository = (row: ImageRepository): ImageRepositoryRecord => ({
  name: row.name,
  scannedAt: msOrNothing(row.scannedAt),
  nextScanAt: ms(row.nextScanAt),
  tagCount: row.tagCount,
  etag: row.etag ?? undefined,
  problem: readOrNothing(row.problem),
  usedBy: row.usedBy,
})

const toTag = (repository: string, row: Known): TagRecord => ({
  repository,
  name: row.name,
  digest: row.digest ?? undefined,
  created: row.createdRead ? (row.created?.getTime() ?? null) : undefined,
  firstSeenAt: ms(row.firstSeenAt),
  vanishedAt: msOrNothing(row.vanishedAt),
  moved: readOrNothing(row.moved),
})

const toScan = (row: Scan): ScanRecord => ({
  seq: Number(row.seq),
  repository: row.repository,
  begunAt: ms(row.begunAt),
  at: ms(row.at),
  ...(row.commit === null ? {} : { commit: row.commit }),
  tags: read(row.tags),
})

const toDecision = (row: Decision): DecisionRecord => ({
  release: row.release,
  container: row.container,
  at: ms(row.at),
  policy: row.policy,
  current: row.current ?? undefined,
  kind: read(row.kind),
  tag: row.tag ?? undefined,
  reason: row.reason,
  operation: row.operation ?? undefined,
})
