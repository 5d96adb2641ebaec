import { startFile, wheelhouseFile } from '#lib/core/pipeline/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { allReleases } from './all-releases.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { fileFact } from './facts.ts'
import type { ShownConfig } from './shown-config.ts'

export interface PipelineFileView {
  path: string
  head?: { commit: string; blob: string | null; text: string | null }
  start: string
}

/** `wheelhouse.yaml` at the followed head. It speaks of every environment: throws `forbidden` for who may not see each. */
export async function getPipelineFile(
  deps: { store: Pick<Store, 'getFact' | 'listReleases'>; shown: ShownConfig },
  caller: Caller,
): Promise<PipelineFileView> {
  ask(caller, 'promotions:read')
  const [fact, releases] = await Promise.all([deps.store.getFact('wheelhouse-file'), allReleases(deps)])
  const file = fileFact(fact, deps.shown)
  const present = releases.filter(({ desired }) => desired).map(({ environment }) => environment)
  return {
    path: wheelhouseFile,
    head: file && { commit: file.commit, blob: file.blob, text: file.text },
    start: startFile(present),
  }
}
