import { isInForce, type SilenceScope } from '#lib/core/notification/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { NewAudit, SilenceRecord } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import type { RequestDeps } from './run-command.ts'

type Deps = RequestDeps & { wakeups: Pick<Wakeups, 'wake'> }

/** A silence that nobody remembers hides what matters: it ends by itself. */
const longestMs = 30 * 86_400_000

/** Has nobody told of what matches, until then; it is shown all the same. Throws Fault `invalid`. */
export async function silenceAlerts(
  deps: Deps,
  caller: Caller,
  given: SilenceScope & { until: number; reason: string },
): Promise<SilenceRecord> {
  ask(caller, 'alerts:write')
  const createdAt = deps.clock.now()
  const { kind, environment, application, release, until, reason } = given
  const scope = { kind, environment, application, release }
  if (Object.values(scope).every((value) => value === undefined))
    throw new Fault('invalid', 'A silence has to say what it is about.', {
      suggestion: 'Give at least one of kind, environment, application and release.',
    })
  if (until <= createdAt) throw new Fault('invalid', 'This silence would be over before it begins.')
  if (until - createdAt > longestMs) throw new Fault('invalid', 'A silence lasts 30 days at most.')
  const silence = { id: deps.newId('sil'), ...scope, until, reason, createdAt, createdBy: caller.email }
  await deps.store.transaction(async (store) => {
    await store.saveSilence(silence)
    await store.record([auditOf(silence, 'alert.silenced', caller, createdAt)])
  })
  deps.wakeups.wake('notify')
  return silence
}

/** What is still open is told then. Throws `not-found`, and `conflict` for one that is over. */
export async function endSilence(deps: Deps, caller: Caller, id: string): Promise<SilenceRecord> {
  ask(caller, 'alerts:write')
  const silence = await deps.store.getSilence(id)
  if (!silence) throw new Fault('not-found', 'There is no such silence.')
  const endedAt = deps.clock.now()
  if (!isInForce(silence, endedAt)) throw new Fault('conflict', 'This silence is over.')
  const ended = { ...silence, endedAt, endedBy: caller.email }
  await deps.store.transaction(async (store) => {
    await store.saveSilence(ended)
    await store.record([auditOf(ended, 'alert.silence-ended', caller, endedAt)])
  })
  deps.wakeups.wake('notify')
  return ended
}

function auditOf(silence: SilenceRecord, kind: string, caller: Caller, at: number): NewAudit {
  const { id, kind: condition, environment, application, release, until, reason } = silence
  const about = release ?? application ?? environment ?? condition ?? id
  const data = { silence: id, condition, application, until }
  return { at, kind, actor: caller.email, subject: about, environment, release, reason, data }
}
