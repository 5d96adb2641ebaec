import type { ImageRepositoryRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'

export async function listImages(
  deps: { store: Pick<Store, 'listImageRepositories'> },
  caller: Caller,
): Promise<{ items: ImageRepositoryRecord[] }> {
  askSomewhere(caller, 'releases:read')
  return { items: await deps.store.listImageRepositories() }
}
