import type { AttemptRecord, Store } from '#lib/ports/store/index.ts'

/** Remedies (rollback, uninstall, unlock) between two deploying attempts are few. */
const searched = 20

/** The last attempt that was to deploy: what retries are counted by. */
export async function lastDeploying(
  store: Pick<Store, 'lastAttempts'>,
  release: string,
): Promise<AttemptRecord | undefined> {
  const attempts = await store.lastAttempts(release, searched)
  return attempts.find(({ action }) => action === 'install' || action === 'upgrade')
}
