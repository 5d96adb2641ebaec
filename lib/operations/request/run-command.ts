import { z } from 'zod'
import { errorCodes, Fault } from '#lib/core/fault/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { CommandRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from '../read/caller.ts'

export type CommandName =
  | 'automate-release'
  | 'deautomate-release'
  | 'lock-release'
  | 'unlock-release'
  | 'set-policy'
  | 'release-tag'
  | 'rollback-release'
  | 'retry-release'
  | 'unlock-pending'
  | 'adopt-release'
  | 'decide-deletion'
  | 'sync-repository'
  | 'anchor-audit'
  | 'scan-image'
  | 'set-environment-mode'
  | 'promote'
  | 'approve-promotion'
  | 'apply-promotion'
  | 'override-gate'
  | 'report-check'
  | 'withdraw-promotion'
  | 'approve-gates'
  | 'configure-pipeline'
  | 'compare-live'
  | 'test-channel'
  | 'rotate-deploy-key'
  | 'test-repository'
  | 'test-cluster'

export type CommandAnswer =
  { kind: 'done'; command: string; message: string; operation?: string } | { kind: 'queued'; command: string }

export interface RequestDeps {
  store: Store
  clock: Clock
  newId(prefix: string): string
}

/** A person at a page waits this long before being told that the worker is still at it. */
const patienceMs = 2500

/** What a worker leaves in a finished command. */
const Result = z.object({ message: z.string().default('Done.'), operation: z.string().optional() })

/** Hands a command to the worker, which asks the permission again, and waits a moment for its answer. */
export async function runCommand(
  deps: RequestDeps,
  caller: Caller,
  name: CommandName,
  input: Record<string, unknown>,
  waitMs = patienceMs,
): Promise<CommandAnswer> {
  return commandAnswer(await sendCommand(deps, caller, name, input, waitMs))
}

/** Asks the worker what only it can see, and waits for its answer. Throws `unavailable` where none came in time. */
export async function askWorker<Answer>(
  deps: RequestDeps,
  caller: Caller,
  name: CommandName,
  input: Record<string, unknown>,
  waitMs: number,
): Promise<Answer> {
  const command = await sendCommand(deps, caller, name, input, waitMs)
  if (command.state.kind === 'done') return (command.state.result as { answer: Answer }).answer
  commandAnswer(command)
  throw new Fault('unavailable', 'The worker has not answered yet.', {
    retryable: true,
    suggestion: 'Try again in a moment; if it stays, look whether the worker runs.',
  })
}

async function sendCommand(
  deps: RequestDeps,
  caller: Caller,
  name: CommandName,
  input: Record<string, unknown>,
  waitMs: number,
): Promise<CommandRecord> {
  const id = deps.newId('cmd')
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  await deps.store.enqueueCommand({
    id,
    name,
    input: given,
    actor: { id: caller.id, email: caller.email, name: caller.name, roles: caller.roles },
    createdAt: deps.clock.now(),
  })
  return deps.store.awaitCommand(id, waitMs)
}

/** Throws the fault a failed command ended with. */
export function commandAnswer(command: CommandRecord): CommandAnswer {
  switch (command.state.kind) {
    case 'queued':
      return { kind: 'queued', command: command.id }
    case 'done':
      return { kind: 'done', command: command.id, ...Result.parse(command.state.result ?? {}) }
    case 'failed': {
      const { code, message, suggestion } = command.state
      throw new Fault(errorCodes.find((known) => known === code) ?? 'internal', message, { suggestion })
    }
  }
}
