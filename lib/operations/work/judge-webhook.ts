import { webhookAlerts, webhookScope } from '#lib/core/alert/index.ts'
import type { WorkerDeps } from './deps.ts'
import { settleAlerts } from './settle-alerts.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock' | 'memory' | 'wakeups' | 'settings'>

/** Whether a commit that polling found at `foundAt` should have been told of and was not. */
export async function judgeWebhook(deps: Deps, commit: string, foundAt: number): Promise<void> {
  const { store, settings } = deps
  const announced = await store.wasAnnounced(commit)
  const hadDeliveries = !announced && (await store.hadDeliveries('github', foundAt))
  const wanted = webhookAlerts(settings.repository, { commit, announced, hadDeliveries })
  await settleAlerts(deps, webhookScope(settings.repository), { wanted, kept: [] })
}

/** A delivery came to this webhook: one of GitHub's ends the incident. */
export async function heardWebhook(deps: Deps, hook: string): Promise<void> {
  const scope = webhookScope(deps.settings.repository)
  if (![...deps.memory.openAlerts].some((key) => key.startsWith(scope))) return
  const known = await deps.store.getWebhook(hook)
  if (known?.kind === 'github') await settleAlerts(deps, scope, { wanted: [], kept: [] })
}
