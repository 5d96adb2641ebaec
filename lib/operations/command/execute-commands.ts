import type { CommandRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { executeCommand } from './execute-command.ts'

/** What only looks keeps nothing that is to be done waiting. */
const looks = new Set(['compare-live'])

/** What commands wait for each other about: those of one release keep their order, those of others pass. */
function subjectOf({ input, name }: CommandRecord): string {
  const release = typeof input.release === 'string' ? input.release : undefined
  if (release === undefined) return name
  return looks.has(name) ? `${name} ${release}` : release
}

/** Subjects of all queued commands, the one that waits longest first. */
export async function commandSubjects(deps: Pick<WorkerDeps, 'store'>): Promise<string[]> {
  return [...new Set((await deps.store.queuedCommands()).map(subjectOf))]
}

/**
 * Runs the queued commands of one subject, oldest first. One that cannot be finished now keeps none of the others; its
 * error is thrown in the end, so that it is tried again.
 */
export async function executeCommands(deps: WorkerDeps, subject: string): Promise<void> {
  const errors: unknown[] = []
  for (const command of await deps.store.queuedCommands())
    if (subjectOf(command) === subject)
      await executeCommand(deps, command).catch((error: unknown) => void errors.push(error))
  if (errors.length > 0) throw errors[0]
}
