import { allows } from '#lib/core/access/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'

/** The release, if there is one and the caller may see its environment. Throws `not-found`, `forbidden`. */
export async function visibleRelease(
  deps: { store: Pick<Store, 'getRelease'> },
  caller: Caller,
  id: string,
): Promise<ReleaseRecord> {
  const release = await deps.store.getRelease(id)
  if (!release) {
    throw new Fault('not-found', 'There is no release with this id.', {
      suggestion: 'List the releases: GET /api/v1/releases.',
    })
  }
  ask(caller, 'releases:read', release.environment)
  return release
}

export function maySee(caller: Caller, environment: string): boolean {
  return allows(caller, 'releases:read', environment)
}
