import { Fault } from '#lib/core/fault/index.ts'
import type { CommandRecord, DeletionRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import type { CommandResult } from './execute-command.ts'

/** Consent, or the wish to keep; bound to the commit and the object's uid that the record carries. */
export async function decideDeletion(
  deps: WorkerDeps,
  command: CommandRecord,
  deletion: DeletionRecord,
  decision: 'delete' | 'keep',
): Promise<CommandResult> {
  const consented = decision === 'delete'
  const message = consented ? `${deletion.object} is being deleted.` : `${deletion.object} is kept.`
  const decided = deletion.state === (consented ? 'consented' : 'kept') && deletion.decidedBy === command.actor.email
  if (decided) return { message }
  if (deletion.state !== 'waiting') throw new Fault('conflict', `This deletion is already ${deletion.state}.`)
  await deps.store.transaction(async (store) => {
    await store.saveDeletion({
      ...deletion,
      state: consented ? 'consented' : 'kept',
      decidedBy: command.actor.email,
      decidedAt: deps.clock.now(),
    })
    await store.record([
      {
        at: deps.clock.now(),
        kind: consented ? 'deletion.consented' : 'deletion.kept',
        actor: command.actor.email,
        subject: deletion.object,
        environment: deletion.environment,
        release: deletion.release,
        commit: deletion.commit,
        data: { deletion: deletion.id, uid: deletion.uid },
      },
    ])
  })
  deps.wakeups.wake('apply')
  if (deletion.release) deps.wakeups.wake('release', deletion.release)
  return { message }
}
