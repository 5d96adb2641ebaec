import type { Clock } from '#lib/ports/clock.ts'
import type { Store } from '#lib/ports/store/index.ts'
import type { Wakeups } from '#lib/ports/wakeups.ts'

export interface ScanDeps {
  store: Pick<Store, 'listImageRepositories' | 'requestScans'>
  clock: Clock
  wakeups: Pick<Wakeups, 'wake'>
}

/** Has every watched repository of a registry host looked at now, as after a change of what it is asked with. */
export async function scanHost({ store, clock, wakeups }: ScanDeps, host: string): Promise<void> {
  const watched = await store.listImageRepositories()
  const names = watched.map(({ name }) => name).filter((name) => name.startsWith(`${host}/`))
  await store.requestScans(names, clock.now())
  for (const name of names) wakeups.wake('scan', name)
}
