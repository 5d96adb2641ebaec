import { z } from 'zod'
import { allows, type Permission } from '#lib/core/access/index.ts'
import { Fault, type ErrorCode } from '#lib/core/fault/index.ts'
import { gateNames } from '#lib/core/gate/index.ts'
import type { CommandRecord, PromotionRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { anchorAudit } from '../work/anchor-audit.ts'
import { rotateDeployKey } from '../work/deploy-keys.ts'
import { liftEmergency } from '../work/emergency.ts'
import { approveLoosening } from '../work/guards.ts'
import { compareLive } from '../work/compare-live.ts'
import { changePolicies } from './change-policies.ts'
import { configurePipeline } from './configure-pipeline.ts'
import { decideDeletion } from './decide-deletion.ts'
import { applyPromotion, approvePromotion, overrideGate, promote, withdrawPromotion } from './promote.ts'
import { releaseTag } from './release-tag.ts'
import { reportCheck } from './report-check.ts'
import { operationOf } from './request-edit.ts'
import { rollbackRelease } from './rollback-release.ts'
import { askRelease } from './ask-release.ts'
import { testChannel } from './test-channel.ts'
import { testCluster } from './test-cluster.ts'
import { testRepository } from './test-repository.ts'

export interface CommandResult {
  message: string
  operation?: string
  /** What was asked for, redacted: it is kept with the command. */
  answer?: unknown
}

type Deps = WorkerDeps
type Handler = (deps: Deps, command: CommandRecord) => Promise<CommandResult>

const ofRelease = z.object({ release: z.string(), message: z.string().optional() })

/** The release of a command, after asking again what the web asked: the transport is not trusted (design, Rooms). */
function permitted(deps: Deps, command: CommandRecord, permission: Permission): ReleaseRecord {
  const { release } = ofRelease.parse(command.input)
  const record = deps.memory.releases.get(release)
  if (!record) throw new Fault('not-found', 'This release is not known to the worker.')
  assertAllowed(command, permission, record.environment)
  return record
}

function assertAllowed(command: CommandRecord, permission: Permission, environment?: string) {
  if (!allows({ roles: command.actor.roles }, permission, environment))
    throw new Fault('forbidden', `${command.actor.email} may not do this${environment ? ` in ${environment}` : ''}.`)
}

const Promote = z.object({
  promotion: z.string(),
  application: z.string(),
  to: z.string(),
  from: z.string().optional(),
  way: z.enum(['commit', 'retag', 'pull-request', 'merge']).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  message: z.string().optional(),
  bulk: z.string().optional(),
})
const Said = z.object({ planDigest: z.string(), message: z.string().optional() })

async function openPromotion(deps: Deps, command: CommandRecord, permission: Permission): Promise<PromotionRecord> {
  const { promotion: id } = z.object({ promotion: z.string() }).parse(command.input)
  const promotion = deps.memory.promotions.get(id) ?? (await deps.store.getPromotion(id))
  if (!promotion) throw new Fault('not-found', 'There is no such promotion.')
  assertAllowed(command, permission, promotion.environment)
  return promotion
}

const handlers: Record<string, Handler> = {
  async 'automate-release'(deps, command) {
    return changePolicies(deps, command, permitted(deps, command, 'policies:write'), { kind: 'automate' })
  },
  async 'deautomate-release'(deps, command) {
    return changePolicies(deps, command, permitted(deps, command, 'policies:write'), { kind: 'deautomate' })
  },
  async 'lock-release'(deps, command) {
    const { message, until } = z.object({ message: z.string(), until: z.string().optional() }).parse(command.input)
    return changePolicies(deps, command, permitted(deps, command, 'holds:write'), { kind: 'lock', message, until })
  },
  async 'unlock-release'(deps, command) {
    const record = permitted(deps, command, 'holds:write')
    const { emergency } = record
    if (emergency) await liftEmergency(deps, record, command.actor.email)
    if (emergency && !record.lock) return { message: 'The hold is lifted; Git never knew of it.' }
    return changePolicies(deps, command, record, { kind: 'unlock' })
  },
  async 'set-policy'(deps, command) {
    const change = z.object({ container: z.string(), pattern: z.string().nullable() }).parse(command.input)
    return changePolicies(deps, command, permitted(deps, command, 'policies:write'), { kind: 'policy', ...change })
  },
  async 'release-tag'(deps, command) {
    const wanted = z
      .object({ container: z.string(), tag: z.string(), force: z.boolean().optional(), message: z.string() })
      .parse(command.input)
    return releaseTag(deps, command, permitted(deps, command, 'releases:write'), wanted)
  },
  async 'rollback-release'(deps, command) {
    const wanted = z
      .object({ revision: z.number(), message: z.string(), holdUntil: z.string().optional() })
      .parse(command.input)
    const record = permitted(deps, command, 'releases:rollback')
    return rollbackRelease(deps, command, record, { ...wanted, reason: wanted.message })
  },
  async 'retry-release'(deps, command) {
    return askRelease(deps, command, permitted(deps, command, 'releases:write'), 'retry')
  },
  async 'unlock-pending'(deps, command) {
    return askRelease(deps, command, permitted(deps, command, 'releases:write'), 'unlock')
  },
  async 'adopt-release'(deps, command) {
    return askRelease(deps, command, permitted(deps, command, 'adoptions:write'), 'adopt')
  },
  async 'decide-deletion'(deps, command) {
    const { deletion, decision } = z
      .object({ deletion: z.string(), decision: z.enum(['delete', 'keep']) })
      .parse(command.input)
    const record = await deps.store.getDeletion(deletion)
    if (!record) throw new Fault('not-found', 'There is no such deletion.')
    assertAllowed(command, 'deletions:consent', record.environment)
    return decideDeletion(deps, command, record, decision)
  },
  async 'sync-repository'(deps, command) {
    assertAllowed(command, 'sync:write')
    deps.wakeups.wake('fetch')
    return { message: 'The repository is being fetched.' }
  },
  async 'anchor-audit'(deps, command) {
    assertAllowed(command, 'sync:write')
    const { anchored, problem } = await anchorAudit(deps)
    if (!anchored || problem) throw new Fault('conflict', problem?.reason ?? 'There is nothing to anchor yet.')
    return { message: `The trail is anchored up to row ${anchored.checkpoint.seq}.` }
  },
  async 'scan-image'(deps, command) {
    const { repository } = z.object({ repository: z.string() }).parse(command.input)
    assertAllowed(command, 'sync:write')
    await deps.store.requestScans([repository], deps.clock.now())
    deps.wakeups.wake('scan', repository)
    return { message: `${repository} is being scanned.` }
  },
  async 'test-channel'(deps, command) {
    const { channel } = z.object({ channel: z.string() }).parse(command.input)
    assertAllowed(command, 'settings:write')
    return testChannel(deps, command, channel)
  },
  async 'rotate-deploy-key'(deps, command) {
    assertAllowed(command, 'settings:write')
    const { fingerprint } = await rotateDeployKey(deps, command.actor.email)
    return { message: `A new deploy key is made: ${fingerprint}.` }
  },
  async 'test-repository'(deps, command) {
    assertAllowed(command, 'settings:write')
    return testRepository(deps, command)
  },
  async 'test-cluster'(deps, command) {
    assertAllowed(command, 'settings:write')
    return testCluster(deps, command)
  },
  async promote(deps, command) {
    const wanted = Promote.parse(command.input)
    assertAllowed(command, 'promotions:write', wanted.to)
    return promote(deps, command, wanted.promotion, wanted)
  },
  async 'approve-promotion'(deps, command) {
    const said = Said.extend({ decision: z.enum(['approve', 'reject']) }).parse(command.input)
    return approvePromotion(deps, command, await openPromotion(deps, command, 'promotions:approve'), said)
  },
  async 'apply-promotion'(deps, command) {
    const promotion = await openPromotion(deps, command, 'promotions:write')
    return applyPromotion(deps, command, promotion, Said.parse(command.input))
  },
  async 'override-gate'(deps, command) {
    const said = Said.extend({ gate: z.enum(gateNames), message: z.string().min(1) }).parse(command.input)
    return overrideGate(deps, command, await openPromotion(deps, command, 'freezes:override'), said)
  },
  async 'report-check'(deps, command) {
    const said = z
      .object({
        name: z.string(),
        state: z.enum(['pending', 'success', 'failure']),
        planDigest: z.string(),
        description: z.string().optional(),
        url: z.string().optional(),
      })
      .parse(command.input)
    return reportCheck(deps, command, await openPromotion(deps, command, 'promotions:check'), said)
  },
  async 'withdraw-promotion'(deps, command) {
    const { message } = z.object({ message: z.string().optional() }).parse(command.input)
    return withdrawPromotion(deps, command, await openPromotion(deps, command, 'promotions:write'), message)
  },
  async 'configure-pipeline'(deps, command) {
    const wanted = z
      .object({ text: z.string(), base: z.string().nullable(), message: z.string().min(1) })
      .parse(command.input)
    assertAllowed(command, 'settings:write')
    return configurePipeline(deps, command, wanted)
  },
  async 'compare-live'(deps, command) {
    const { revision } = z.object({ revision: z.number() }).parse(command.input)
    const answer = await compareLive(deps, permitted(deps, command, 'objects:read'), revision)
    return { message: 'Compared.', answer }
  },
  async 'approve-gates'(deps, command) {
    const { environment, digest, decision, message } = z
      .object({
        environment: z.string(),
        digest: z.string(),
        decision: z.enum(['approve', 'reject']),
        message: z.string().optional(),
      })
      .parse(command.input)
    assertAllowed(command, 'promotions:approve', environment)
    const { id: person, email, name } = command.actor
    const said = { person, email, name, decision, message, at: deps.clock.now() }
    if (!(await approveLoosening(deps, environment, digest, said)))
      throw new Fault('conflict', `The gates of ${environment} are not what you looked at.`, {
        suggestion: 'Look at them again and decide anew.',
      })
    return { message: decision === 'approve' ? 'Approved.' : 'Rejected.' }
  },
  async 'set-environment-mode'(deps, command) {
    const { environment, mode } = z
      .object({ environment: z.string(), mode: z.enum(['observe', 'act']) })
      .parse(command.input)
    assertAllowed(command, 'environments:act', environment)
    await deps.store.transaction(async (store) => {
      await store.setEnvironmentMode(environment, mode)
      await store.record([
        {
          at: deps.clock.now(),
          kind: 'environment.mode',
          actor: command.actor.email,
          subject: environment,
          environment,
          data: { before: deps.memory.modes[environment] ?? deps.settings.defaultMode, after: mode },
        },
      ])
    })
    deps.memory.modes[environment] = mode
    deps.wakeups.wake('snapshot')
    return { message: mode === 'act' ? `${environment} is acted on now.` : `${environment} is only observed now.` }
  },
}

/** A worker that died between an edit and its answer has left the operation. */
async function carriedOut({ store }: Deps, command: CommandRecord): Promise<CommandResult | undefined> {
  const operation = await store.getOperation(operationOf(command))
  return operation && { message: operation.reason, operation: operation.id }
}

/** Without these nothing can be noted, so that the command stays queued; whatever else is away, the person is told. */
const blocking: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['database-unreachable', 'unavailable'])

/** Runs one queued command to its end and notes the outcome. Throws only where the outcome cannot be noted. */
export async function executeCommand(deps: Deps, command: CommandRecord): Promise<void> {
  try {
    const handler = handlers[command.name]
    if (!handler) throw new Fault('invalid', `There is no command ${command.name}.`)
    const result = (await carriedOut(deps, command)) ?? (await handler(deps, command))
    await deps.store.finishCommand(command.id, { kind: 'done', result })
  } catch (error) {
    if (error instanceof Fault && blocking.has(error.code)) throw error
    const fault = error instanceof Fault ? error : undefined
    if (!fault) deps.log.error('command failed', { command: command.name, error: String(error) })
    await deps.store.finishCommand(command.id, {
      kind: 'failed',
      code: fault?.code ?? 'internal',
      message: fault?.message ?? 'The worker could not do this; its log says why.',
      suggestion: fault?.suggestion,
    })
  }
}
