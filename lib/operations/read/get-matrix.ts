import type { Mode } from '#lib/core/release/types.ts'
import type { ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { buildMatrix } from './matrix.ts'
import type { Matrix } from './matrix.ts'
import { maySee } from './release-view.ts'
import type { ShownConfig } from './shown-config.ts'

interface Deps {
  store: Pick<Store, 'listReleases' | 'environmentModes'>
  shown: ShownConfig
}

/** Applications by environment, of everything the caller may see. */
export async function getMatrix(deps: Deps, caller: Caller): Promise<Matrix> {
  askSomewhere(caller, 'releases:read')
  const [releases, modes] = await Promise.all([allReleases(deps), deps.store.environmentModes()])
  const seen = releases.filter((release) => maySee(caller, release.environment))
  const modeOf = (environment: string): Mode =>
    (Object.hasOwn(modes, environment) ? modes[environment] : undefined) ?? deps.shown.defaultMode
  return buildMatrix(seen, modeOf)
}

async function allReleases(deps: Deps): Promise<ReleaseRecord[]> {
  const all: ReleaseRecord[] = []
  for (let after: string | undefined; ;) {
    const page = await deps.store.listReleases({ after, limit: 500 })
    all.push(...page.items)
    if (page.next === undefined) return all
    after = page.next
  }
}
