import { deletionPolicy, documentEnvironments, stopOver, type DeletionPolicy } from '#lib/core/pipeline/index.ts'
import type { ObjectId } from '#lib/core/manifest/index.ts'
import type { Mode } from '#lib/core/release/types.ts'
import { modeOf, type WorkerDeps } from './deps.ts'

/** What may be done to a document where it belongs. */
export interface DocumentPlace {
  /** '' where it belongs to several environments, or to none. */
  environment: string
  /** `act` where every environment it concerns acts; the default mode where there is none. */
  mode: Mode
  /** Why nothing is done there, if it or everything is stopped. */
  stopped: string | undefined
  deletion: DeletionPolicy
}

/** Tells where documents belong, by the releases known now: ask anew for each round. */
export function documentPlaces(
  deps: Pick<WorkerDeps, 'memory' | 'settings'>,
): (document: { id: ObjectId; path: string }) => DocumentPlace {
  const { releases, config } = deps.memory
  const environmentsOf = documentEnvironments(releases.values())
  return (document) => {
    const environments = environmentsOf(document)
    const modes = environments.map((environment) => modeOf(deps, environment))
    return {
      environment: environments.length === 1 ? (environments[0] ?? '') : '',
      mode: modes.length === 0 ? deps.settings.defaultMode : modes.includes('observe') ? 'observe' : 'act',
      stopped: stopOver(config, environments),
      deletion: deletionPolicy(config, environments),
    }
  }
}
