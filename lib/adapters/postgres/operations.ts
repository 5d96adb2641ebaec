import type { AttemptRecord, OperationRecord, OperationStore } from '../../ports/store/index.ts'
import { date, dateOrNull, json, jsonOrNull, ms, msOrNothing, read, readOrNothing } from './columns.ts'
import type { Attempt, Operation } from './generated/client.ts'
import { announceRelease } from './session.ts'
import type { Db, Session } from './session.ts'

const order: OperationRecord['state'][] = ['decided', 'committed', 'running']
const finished: OperationRecord['state'][] = ['succeeded', 'failed', 'superseded', 'refused']

export function operationStore(session: Session): OperationStore {
  return { ...operations(session), ...attempts(session) }
}

/** Inserts and announces, within the caller's transaction. */
export async function insertOperation(session: Session, tx: Db, operation: OperationRecord): Promise<void> {
  const { createdAt, endedAt, cause, ...rest } = operation
  const times = { createdAt: date(createdAt), endedAt: dateOrNull(endedAt) }
  await tx.operation.create({ data: { ...rest, ...times, cause: json(cause) }, select: { id: true } })
  await announceRelease(session, tx, operation.release)
}

function operations(
  session: Session,
): Pick<OperationStore, 'createOperation' | 'updateOperation' | 'getOperation' | 'listOperations'> {
  const { db } = session
  return {
    createOperation: (operation) => session.atomically((tx) => insertOperation(session, tx, operation)),
    async updateOperation(id, patch) {
      const { endedAt, ...rest } = patch
      await session.atomically(async (tx) => {
        const [row] = await tx.operation.updateManyAndReturn({
          where: { id, state: { in: statesBefore(patch.state) } },
          data: { ...rest, endedAt: endedAt === undefined ? undefined : date(endedAt) },
          select: { release: true },
        })
        if (row) await announceRelease(session, tx, row.release ?? undefined)
      })
    },
    async getOperation(id) {
      const row = await db.operation.findUnique({ where: { id } })
      return row ? toOperation(row) : undefined
    },
    async listOperations({ release, states, since, limit }) {
      const rows = await db.operation.findMany({
        where: {
          release,
          state: states && { in: states },
          createdAt: since === undefined ? undefined : { gte: date(since) },
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map(toOperation)
    },
  }
}

/** States from which an operation may come to `state`; without one, every unfinished. */
function statesBefore(state: OperationRecord['state'] | undefined): OperationRecord['state'][] {
  if (state === undefined || finished.includes(state)) return order
  return order.slice(0, order.indexOf(state) + 1)
}

function attempts(
  session: Session,
): Pick<OperationStore, 'saveAttempt' | 'lastAttempts' | 'runningAttempts' | 'newestDeployments'> {
  const { db } = session
  return {
    async saveAttempt(attempt) {
      const { id, startedAt, endedAt, process, ...rest } = attempt
      const columns = {
        ...rest,
        message: attempt.message ?? null,
        revision: attempt.revision ?? null,
        process: jsonOrNull(process),
        startedAt: date(startedAt),
        endedAt: dateOrNull(endedAt),
      }
      await session.atomically(async (tx) => {
        await tx.attempt.upsert({ where: { id }, create: { id, ...columns }, update: columns, select: { id: true } })
        await announceRelease(session, tx, attempt.release)
      })
    },
    async lastAttempts(release, limit) {
      const rows = await db.attempt.findMany({
        where: { release },
        orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        take: limit,
      })
      return rows.map(toAttempt)
    },
    async runningAttempts() {
      const rows = await db.attempt.findMany({ where: { state: 'running' }, orderBy: { startedAt: 'asc' } })
      return rows.map(toAttempt)
    },
    async newestDeployments() {
      const rows = await db.$queryRaw<Attempt[]>`
        SELECT DISTINCT ON (release) id, release, operation, action, inputs, state, failures, epoch, process, intent,
          message, revision, started_at AS "startedAt", ended_at AS "endedAt"
        FROM attempt WHERE action IN ('install', 'upgrade') ORDER BY release, started_at DESC, id DESC`
      return rows.map(toAttempt)
    },
  }
}

const toOperation = (row: Operation): OperationRecord => ({
  id: row.id,
  kind: read(row.kind),
  release: row.release ?? undefined,
  actor: row.actor,
  cause: read(row.cause),
  reason: row.reason,
  state: read(row.state),
  commit: row.commit ?? undefined,
  revision: row.revision ?? undefined,
  createdAt: ms(row.createdAt),
  endedAt: msOrNothing(row.endedAt),
})

const toAttempt = (row: Attempt): AttemptRecord => ({
  id: row.id,
  release: row.release,
  operation: row.operation,
  action: read(row.action),
  inputs: row.inputs,
  state: read(row.state),
  failures: row.failures,
  epoch: row.epoch,
  process: readOrNothing(row.process),
  intent: row.intent,
  message: row.message ?? undefined,
  revision: row.revision ?? undefined,
  startedAt: ms(row.startedAt),
  endedAt: msOrNothing(row.endedAt),
})
