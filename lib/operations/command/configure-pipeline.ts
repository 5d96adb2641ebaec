import { canonicalDigest } from '#lib/core/audit/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { loosenedBy, readWheelhouseYaml, wheelhouseFile, type WheelhouseConfig } from '#lib/core/pipeline/index.ts'
import type { CommandRecord, NewAudit, OperationRecord, WriteRequest } from '#lib/ports/store/index.ts'
import { actsSomewhere, type WorkerDeps } from '../work/deps.ts'
import { environmentsKnown } from '../work/guards.ts'
import { commitIntent } from '../work/write-audit.ts'
import type { CommandResult } from './execute-command.ts'
import { operationOf } from './request-edit.ts'

interface Wanted {
  text: string
  /** Git object id of the file that the text starts from; null = there was none. */
  base: string | null
  message: string
}

/**
 * Queues what a person wrote as `wheelhouse.yaml`; the writer makes one commit of it. Refuses with `invalid` what cannot be
 * read, with `conflict` what starts from another file than the branch has, and where nothing is acted on.
 */
export async function configurePipeline(
  deps: WorkerDeps,
  command: CommandRecord,
  { text, base, message }: Wanted,
): Promise<CommandResult> {
  assertActing(deps)
  const config = readable(text)
  await assertStillThere(deps, { text, base })
  const now = deps.clock.now()
  const { actor } = command
  const accepted = new Map([...deps.memory.guards].map(([environment, guard]) => [environment, guard.accepted]))
  const loosened = loosenedBy(config, accepted, environmentsKnown(deps.memory), now)
  const operation: OperationRecord = {
    id: operationOf(command),
    kind: 'policy',
    actor: actor.email,
    cause: { kind: 'person', actor: actor.email, note: message },
    reason: loosened.length > 0 ? `${message} ${heldBy(loosened.map(({ environment }) => environment))}` : message,
    state: 'decided',
    createdAt: now,
  }
  const request: WriteRequest = {
    id: deps.newId('write'),
    operation: operation.id,
    target: { id: wheelhouseFile, path: wheelhouseFile },
    changes: [{ kind: 'file', text, base }],
    kind: 'configure',
    actor: { name: actor.name, email: actor.email },
    message,
    cause: `configure by ${actor.email}`,
    expects: {},
    createdAt: now,
  }
  const row = (kind: string, more: Partial<NewAudit>): NewAudit => ({
    at: now,
    kind,
    actor: actor.email,
    subject: wheelhouseFile,
    operation: operation.id,
    data: {},
    ...more,
  })
  const loosens = loosened.map((one) => ({ environment: one.environment, what: one.loosened.map(({ what }) => what) }))
  const isNew = await deps.store.enqueueWrite(request, operation, [
    row('pipeline.changed', { reason: message, data: { before: base, digest: canonicalDigest(text), loosens } }),
    row('commit.intent', { intent: commitIntent(request.id), data: { path: wheelhouseFile } }),
  ])
  if (!isNew) throw new Fault('conflict', 'The same change is already on its way.')
  deps.wakeups.wake('write', 'person')
  return { message: operation.reason, operation: operation.id }
}

function heldBy(environments: readonly string[]): string {
  return `The old gates of ${environments.join(' and ')} hold it until they let it through.`
}

function readable(text: string): WheelhouseConfig {
  const { config, problems } = readWheelhouseYaml(text)
  const first = problems.find(({ severity }) => severity === 'error')
  if (config && !first) return config
  const place = first?.line === undefined ? '' : ` (line ${first.line})`
  throw new Fault('invalid', `${first?.message ?? `${wheelhouseFile} cannot be read.`}${place}`, {
    suggestion: first?.suggestion,
  })
}

/** Asks Git itself: what the mirror says may be older than what the person saw. */
async function assertStillThere({ git, settings }: WorkerDeps, { text, base }: Pick<Wanted, 'text' | 'base'>) {
  const head = await git.fetch()
  if (!head) throw new Fault('conflict', `${settings.repository} has no branch ${settings.branch}.`)
  const blob = (await git.listFiles(head.commit)).find(({ path }) => path === wheelhouseFile)?.blob ?? null
  if (blob !== base)
    throw new Fault('conflict', `${wheelhouseFile} was changed meanwhile; nothing was written.`, {
      suggestion: 'Look at what it says by now, then write yours on top of it.',
    })
  const content = blob === null ? undefined : (await git.readBlobs([blob])).get(blob)
  if (content?.kind === 'text' && content.text === text)
    throw new Fault('conflict', `${wheelhouseFile} says just this already.`)
}

/** Where nothing is acted on, nothing is written to Git either (§9.22). */
function assertActing(deps: WorkerDeps): void {
  if (actsSomewhere(deps)) return
  throw new Fault('conflict', 'Everything is only observed; nothing is written to Git.', {
    suggestion: 'Enable acting for an environment in the settings, or commit the file yourself.',
  })
}
