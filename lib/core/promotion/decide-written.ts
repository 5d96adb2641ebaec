import { sentence } from '../problem/index.ts'
import type { PromotionAction, PromotionSeen } from './types.ts'

const advice = 'Roll it back, or promote a version that mends it.'

/** From the commit on: deployed, verified, or on the way back. What was written is never skipped over. */
export function decideWritten(seen: PromotionSeen, now: number): PromotionAction {
  const { deploy, rollback } = seen
  const state = deploy.kind === 'deployed' ? 'verifying' : 'deploying'
  switch (rollback.kind) {
    case 'done':
      return {
        kind: 'done',
        state: 'rolled-back',
        reason: `${sentence(rollback.because)} Rolled back by ${rollback.operation}.`,
      }
    case 'failed':
      return {
        kind: 'fail',
        state: 'failed',
        reason: `${sentence(rollback.because)} The way back failed: ${sentence(rollback.reason)} ${advice}`,
      }
    case 'under-way':
      return {
        kind: 'wait',
        state,
        reason: `${sentence(rollback.because)} It is being rolled back by ${rollback.operation}.`,
      }
    case 'none':
      break
  }
  switch (deploy.kind) {
    case 'none':
      return { kind: 'wait', state, reason: 'It is written; the release has not taken it up yet.' }
    case 'waiting':
      return { kind: 'wait', state, reason: deploy.reason }
    case 'running':
      return { kind: 'wait', state, reason: 'helm is running.' }
    case 'superseded':
      return {
        kind: 'supersede',
        state: 'superseded',
        by: deploy.by,
        reason: `${deploy.by} came before it was verified.`,
      }
    case 'failed':
      return unsuccessful(seen, 'deploying', `helm failed: ${deploy.reason}`)
    case 'blocked':
      return unsuccessful(seen, 'deploying', deploy.problem.message)
    case 'deployed':
      return verify(seen, deploy, now)
  }
}

function verify(seen: PromotionSeen, deployed: { revision: number; at: number }, now: number): PromotionAction {
  const { health } = seen
  const deadline = deployed.at + seen.verify.timeoutMs
  const watch = (reason: string): PromotionAction => ({
    kind: 'verify',
    state: 'verifying',
    reason,
    ...(now < deadline ? { until: deadline } : {}),
  })
  if (health.revision !== undefined && health.revision > deployed.revision) {
    const [by, own] = [`Revision ${health.revision}`, `revision ${deployed.revision}`]
    return { kind: 'supersede', state: 'superseded', by, reason: `${by} came before ${own} was verified.` }
  }
  // What was judged before says nothing about what has been deployed since.
  if (health.revision !== deployed.revision)
    return watch(`Revision ${deployed.revision} is deployed; its health is not known yet.`)
  switch (health.kind) {
    case 'healthy':
      return { kind: 'done', state: 'verified', reason: `Revision ${deployed.revision} is healthy: ${health.reason}` }
    case 'stuck':
      return unsuccessful(seen, 'verifying', `Revision ${deployed.revision} does not become healthy: ${health.reason}`)
    case 'unknown':
      // Half an answer takes nothing back.
      return watch(`The health of revision ${deployed.revision} cannot be told: ${health.reason}`)
    case 'failing':
    case 'progressing': {
      if (now < deadline) return watch(`Revision ${deployed.revision} is ${health.kind}: ${health.reason}`)
      const seconds = Math.round(seen.verify.timeoutMs / 1_000)
      const late = `Revision ${deployed.revision} did not become healthy within ${seconds} s: ${health.reason}`
      return unsuccessful(seen, 'verifying', late)
    }
  }
}

function unsuccessful(seen: PromotionSeen, state: 'deploying' | 'verifying', reason: string): PromotionAction {
  if (!seen.verify.rollback) return { kind: 'fail', state: 'failed', reason: `${sentence(reason)} ${advice}` }
  if (seen.stopped !== undefined) return { kind: 'wait', state, reason: `${reason} Would roll back. ${seen.stopped}` }
  return { kind: 'rollback', state, reason }
}
