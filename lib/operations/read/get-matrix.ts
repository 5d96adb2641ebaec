import { buildMatrix } from '#lib/core/pipeline/index.ts'
import type { Mode } from '#lib/core/release/types.ts'
import type { ReleaseRecord, Store } from '#lib/ports/store/index.ts'
import { allReleases } from './all-releases.ts'
import { askSomewhere } from './caller.ts'
import type { Caller } from './caller.ts'
import { drawnPipeline } from './drawn-pipeline.ts'
import { repositoryFact } from './facts.ts'
import { maySee } from './release-view.ts'
import type { ShownConfig } from './shown-config.ts'

export interface EnvironmentView {
  name: string
  mode: Mode
  releases: number
}

export interface MatrixView {
  environments: EnvironmentView[]
  rows: {
    application: string
    cells: { environment: string; releases: ReleaseRecord[] }[]
    ways: { from: string; to: string }[]
  }[]
  apart: { environment: EnvironmentView; releases: ReleaseRecord[] }[]
}

interface Deps {
  store: Pick<Store, 'listReleases' | 'environmentModes' | 'getFact'>
  shown: ShownConfig
}

/** Applications by environment, of everything the caller may see. */
export async function getMatrix(deps: Deps, caller: Caller): Promise<MatrixView> {
  askSomewhere(caller, 'releases:read')
  const [all, modes, repository, written] = await Promise.all([
    allReleases(deps),
    deps.store.environmentModes(),
    deps.store.getFact('repository'),
    deps.store.getFact('repository-config'),
  ])
  const releases = all.filter((release) => maySee(caller, release.environment))
  const byId = new Map(releases.map((release) => [release.id, release]))
  const named = (ids: readonly string[] = []) => ids.flatMap((id) => byId.get(id) ?? [])
  const view = (name: string): EnvironmentView => ({
    name,
    mode: (Object.hasOwn(modes, name) ? modes[name] : undefined) ?? deps.shown.defaultMode,
    releases: releases.filter((release) => release.environment === name).length,
  })
  const order = (repositoryFact(repository)?.environments ?? []).filter((name) => maySee(caller, name))
  const { edgesOf } = drawnPipeline(written, deps.shown, all)
  const sees = ({ from, to }: { from: string; to: string }) => maySee(caller, from) && maySee(caller, to)
  const matrix = buildMatrix(releases, order)
  return {
    environments: matrix.environments.map(view),
    rows: matrix.rows.map(({ application, cells }) => ({
      application,
      cells: matrix.environments.map((environment) => ({ environment, releases: named(cells[environment]) })),
      ways: edgesOf(application).filter(sees),
    })),
    apart: matrix.below.map(({ environment, ids }) => ({ environment: view(environment), releases: named(ids) })),
  }
}
