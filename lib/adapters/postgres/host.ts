import type { CommitSeen, HostedOperation, HostSeen, ReplacedDeployment } from '../../core/deployment/index.ts'
import type { HostStore } from '../../ports/store/index.ts'
import { date, msOrNothing } from './columns.ts'
import { Prisma } from './generated/client.ts'
import type { Db, Session } from './session.ts'

const atMost = 50
/** Operations that lead to a revision of helm; the others end with their commit. */
const deploying = Prisma.sql`('image', 'release', 'rollback', 'promotion', 'apply')`

export function hostStore({ db }: Session): HostStore {
  return {
    async untoldToHost(since) {
      const [commits, operations, replaced] = await Promise.all([
        commitsOf(db, since),
        operationsOf(db, since),
        replacedOf(db),
      ])
      return { commits, operations, replaced } satisfies HostSeen
    },
    async activeHostDeployment(release) {
      const row = await db.hostDeployment.findFirst({
        where: { release, told: 'success', deployment: { not: null } },
        orderBy: [{ at: 'desc' }, { operation: 'desc' }],
      })
      return row?.deployment ? { commit: row.commit, deployment: row.deployment } : undefined
    },
    async saveHostDeployment({ operation, ...record }) {
      const columns = {
        ...record,
        deployment: record.deployment ?? null,
        told: record.told ?? null,
        at: date(record.at),
      }
      await db.hostDeployment.upsert({ where: { operation }, create: { operation, ...columns }, update: columns })
    },
    async saveHostStatus({ commit, environment, state, at }) {
      const columns = { state, at: date(at) }
      const key = { commit, environment }
      const where = { commit_environment: key }
      await db.hostStatus.upsert({ where, create: { ...key, ...columns }, update: columns })
    },
  }
}

interface OperationRow {
  operation: string
  release: string
  name: string
  environment: string
  commit: string
  state: HostedOperation['state']
  revision: number | null
  reason: string
  asked: boolean
  deployment: string | null
  told: NonNullable<HostedOperation['told']> | null
}

async function operationsOf(db: Db, since: number): Promise<HostedOperation[]> {
  const rows = await db.$queryRaw<OperationRow[]>`
    SELECT o.id AS operation, o.release, coalesce(r.name, o.release) AS name,
      coalesce(d.environment, r.environment) AS environment, coalesce(d.commit, o.commit) AS commit, o.state, o.revision,
      o.reason, d.operation IS NOT NULL AS asked, d.deployment, d.told
    FROM operation o
      LEFT JOIN host_deployment d ON d.operation = o.id
      LEFT JOIN release r ON r.id = o.release
    WHERE o.created_at >= ${date(since)}::timestamptz AND o.kind IN ${deploying}
      AND o.release IS NOT NULL AND o.commit IS NOT NULL AND coalesce(d.environment, r.environment) IS NOT NULL
      AND (d.told IS NULL OR d.told = 'in_progress')
      AND ((o.state = 'running' AND d.told IS NULL)
        OR o.state = 'failed'
        OR (o.state = 'succeeded' AND o.revision IS NOT NULL)
        OR (o.state = 'superseded' AND d.operation IS NOT NULL))
    ORDER BY o.created_at, o.id LIMIT ${atMost}`
  return rows.map(({ revision, deployment, told, ...row }) => ({
    ...row,
    revision: revision ?? undefined,
    deployment: deployment ?? undefined,
    told: told ?? undefined,
  }))
}

/** Active ones of which a newer one is, or whose release was removed since. */
async function replacedOf(db: Db): Promise<ReplacedDeployment[]> {
  return db.$queryRaw<ReplacedDeployment[]>`
    SELECT d.operation, d.release, d.environment, d.commit, d.deployment
    FROM host_deployment d
    WHERE d.told = 'success' AND d.deployment IS NOT NULL AND (
      EXISTS (
        SELECT 1 FROM host_deployment n
        WHERE n.release = d.release AND n.told = 'success' AND (n.at, n.operation) > (d.at, d.operation)
      ) OR EXISTS (
        SELECT 1 FROM operation o
        WHERE o.release = d.release AND o.kind = 'deletion' AND o.state = 'succeeded' AND o.ended_at > d.at
      ))
    ORDER BY d.at, d.operation LIMIT ${atMost}`
}

type CommitRow = Omit<CommitSeen, 'endedAt' | 'told'> & { endedAt: Date | null; told: CommitSeen['told'] | null }

/** Of each release the newest operation for a commit counts: one that was retried is no longer a failure. */
async function commitsOf(db: Db, since: number): Promise<CommitSeen[]> {
  const rows = await db.$queryRaw<CommitRow[]>`
    WITH newest AS (
      SELECT DISTINCT ON (o.commit, o.release) o.commit, r.environment, o.state, o.created_at, o.ended_at
      FROM operation o JOIN release r ON r.id = o.release
      WHERE o.created_at >= ${date(since)}::timestamptz AND o.kind IN ${deploying} AND o.commit IS NOT NULL
        AND (o.state IN ('running', 'failed', 'superseded') OR (o.state = 'succeeded' AND o.revision IS NOT NULL))
      ORDER BY o.commit, o.release, o.created_at DESC, o.id DESC
    )
    SELECT n.commit, n.environment,
      count(*) FILTER (WHERE n.state = 'running')::integer AS running,
      count(*) FILTER (WHERE n.state = 'succeeded')::integer AS succeeded,
      count(*) FILTER (WHERE n.state = 'failed')::integer AS failed,
      count(*) FILTER (WHERE n.state = 'superseded')::integer AS superseded,
      max(n.ended_at) AS "endedAt", s.state AS told
    FROM newest n LEFT JOIN host_status s ON s.commit = n.commit AND s.environment = n.environment
    GROUP BY n.commit, n.environment, s.state, s.at
    HAVING (s.at IS NULL AND bool_or(n.state <> 'superseded'))
      OR max(coalesce(n.ended_at, n.created_at)) > s.at
    ORDER BY max(n.created_at), n.commit LIMIT ${atMost}`
  return rows.map(({ endedAt, told, ...row }) => ({ ...row, endedAt: msOrNothing(endedAt), told: told ?? undefined }))
}
