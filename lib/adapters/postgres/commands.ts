import { Fault } from '../../core/fault/index.ts'
import type { CommandRecord, CommandStore } from '../../ports/store/index.ts'
import { date, json, jsonText, ms, read } from './columns.ts'
import type { Command } from './generated/client.ts'
import type { Listener } from './listener.ts'
import type { Session } from './session.ts'

type Commands = Omit<CommandStore, 'readOutbox' | 'outboxHead' | 'onOutbox'>

export function commandStore(session: Session): Commands {
  const { db } = session
  const find = async (id: string): Promise<CommandRecord | undefined> => {
    const row = await db.command.findUnique({ where: { id } })
    return row ? toCommand(row) : undefined
  }
  return {
    async enqueueCommand(command) {
      const { input, actor, createdAt, ...rest } = command
      const state = json({ kind: 'queued' })
      await db.command.create({
        data: { ...rest, input: json(input), actor: json(actor), createdAt: date(createdAt), state },
        select: { id: true },
      })
    },
    getCommand: find,
    async queuedCommands() {
      const rows = await db.$queryRaw<Omit<Command, 'seq'>[]>`
        SELECT id, name, input, actor, created_at AS "createdAt", state FROM command
        WHERE state->>'kind' = 'queued' ORDER BY seq`
      return rows.map(toCommand)
    },
    async finishCommand(id, state) {
      const text = jsonText(state)
      await session.atomically(async (tx) => {
        // The first answer is the one somebody has read.
        const changed = await tx.$executeRaw`
          UPDATE command SET state = ${text}::jsonb WHERE id = ${id} AND state->>'kind' = 'queued'`
        if (changed > 0) await tx.$executeRaw`SELECT pg_notify('wheelhouse_command', ${id})`
      })
    },
    awaitCommand: (id, timeoutMs) => awaitCommand(session.listener, () => find(id), id, timeoutMs),
  }
}

const toCommand = (row: Omit<Command, 'seq'>): CommandRecord => ({
  id: row.id,
  name: row.name,
  input: read(row.input),
  actor: read(row.actor),
  createdAt: ms(row.createdAt),
  state: read(row.state),
})

async function awaitCommand(
  listener: Listener,
  find: () => Promise<CommandRecord | undefined>,
  id: string,
  timeoutMs: number,
): Promise<CommandRecord> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = async (): Promise<void> => {
    try {
      const command = await find()
      if (command?.state.kind !== 'queued') resolve()
    } catch {
      // The database may come back in time, and then the listener asks again; if not, the last look below throws.
    }
  }
  const timer = setTimeout(resolve, timeoutMs)
  const stop = listener.on((notice) => {
    if (notice === undefined || (notice.channel === 'wheelhouse_command' && notice.payload === id)) void look()
  })
  try {
    // After listening has begun: what ends in between is seen either way.
    void look()
    await promise
  } finally {
    clearTimeout(timer)
    stop()
  }
  const command = await find()
  if (command) return command
  throw new Fault('not-found', `There is no command ${id}.`)
}
