import type { CommandRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { patchRelease } from '../work/release-records.ts'
import type { CommandResult } from './execute-command.ts'

const words = {
  retry: 'It is being tried again.',
  unlock: 'The stuck revision is being unlocked.',
  adopt: 'It is being taken over.',
} as const

/** Notes a person's wish on the release; the release loop takes it up and decides whether it can be done. */
export async function askRelease(
  deps: WorkerDeps,
  command: CommandRecord,
  record: ReleaseRecord,
  asked: keyof typeof words,
): Promise<CommandResult> {
  await deps.store.record([
    {
      at: deps.clock.now(),
      kind: `release.${asked}-asked`,
      actor: command.actor.email,
      subject: `${record.namespace}:helmrelease/${record.name}`,
      environment: record.environment,
      release: record.id,
      revision: record.revision,
      data: {},
    },
  ])
  await patchRelease(deps, record.id, { asked })
  deps.wakeups.wake('release', record.id)
  return { message: words[asked] }
}
