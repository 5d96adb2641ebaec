import { Fault } from '#lib/core/fault/index.ts'
import { ask } from '../read/caller.ts'
import type { Caller } from '../read/caller.ts'
import { decidePromotion } from './decide-promotion.ts'
import { promoteApplication } from './promote-application.ts'
import type { RequestDeps } from './run-command.ts'

export interface BulkItem {
  application: string
  id?: string
  state?: Awaited<ReturnType<typeof promoteApplication>>['state']
  reason?: string
  planDigest?: string
  problem?: string
}

/** Plans several promotions into one environment. One that cannot be planned says why and keeps no other. */
export async function promoteMany(
  deps: RequestDeps,
  caller: Caller,
  wanted: { applications: string[]; to: string; from?: string; message?: string },
): Promise<{ bulk: string; items: BulkItem[] }> {
  const { applications, ...shared } = wanted
  ask(caller, 'promotions:write', wanted.to)
  const bulk = deps.newId('bulk')
  const items = [...new Set(applications)].map(async (application): Promise<BulkItem> => {
    try {
      const { id, state, reason, planDigest } = await promoteApplication(deps, caller, { ...shared, application, bulk })
      return { application, id, state, reason, planDigest }
    } catch (error) {
      return { application, problem: problemOf(error) }
    }
  })
  return { bulk, items: await Promise.all(items) }
}

/** Agrees to several plans at once; each is refused by itself where it is no longer what was looked at. */
export async function applyMany(
  deps: RequestDeps,
  caller: Caller,
  said: { plans: { id: string; planDigest: string }[]; message?: string },
): Promise<{ items: { id: string; problem?: string }[] }> {
  const { message } = said
  const items = said.plans.map(async ({ id, planDigest }) => {
    try {
      await decidePromotion(deps, caller, id, 'apply-promotion', { planDigest, message })
      return { id }
    } catch (error) {
      return { id, problem: problemOf(error) }
    }
  })
  return { items: await Promise.all(items) }
}

function problemOf(error: unknown): string {
  if (error instanceof Fault) return error.message
  throw error
}
