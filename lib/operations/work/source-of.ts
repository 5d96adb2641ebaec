import { Fault } from '#lib/core/fault/index.ts'
import { pipelineGraph } from '#lib/core/pipeline/index.ts'
import { branchesOf, readSource } from '#lib/core/promotion/index.ts'
import type { SourceHost } from '#lib/ports/source-host.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'memory' | 'sourceHost'>

/** The repository that an application is built from. Fault `invalid` where there is none that can be merged in. */
export function sourceHostOf(deps: Deps, application: string): SourceHost {
  const { applications } = deps.memory.config
  const read = readSource(
    application,
    Object.hasOwn(applications, application) ? applications[application]?.source : undefined,
  )
  if (!read.ok) throw new Fault('invalid', read.problem.message, { suggestion: read.problem.suggestion })
  return deps.sourceHost(read)
}

export interface SourceBranches {
  url: string
  head: { branch: string; commit: string }
  base: { branch: string; commit: string }
}

/** The branches that the images of two environments are built from, and where they stand. */
export async function sourceBranches(
  deps: Deps,
  host: SourceHost,
  { application, from, to }: { application: string; from: string; to: string },
): Promise<SourceBranches> {
  const { url, defaultBranch } = await host.repository()
  const find = (environment: string) => branchOf(deps, host, { application, environment, defaultBranch })
  const [head, base] = await Promise.all([find(from), find(to)])
  if (head.branch === base.branch) {
    throw new Fault('invalid', `${from} and ${to} are both built from ${head.branch} of ${host.name}.`, {
      suggestion: advice(application, to),
    })
  }
  return { url, head, base }
}

async function branchOf(
  { memory }: Deps,
  host: SourceHost,
  { application, environment, defaultBranch }: { application: string; environment: string; defaultBranch: string },
) {
  const present = [...new Set([...memory.releases.values()].map((record) => record.environment))]
  const { edges } = pipelineGraph(memory.config, present)
  const candidates = branchesOf({
    environment,
    written: memory.config.applications[application]?.branches,
    isLast: !edges.some(({ from }) => from === environment),
    defaultBranch,
  })
  for (const branch of candidates) {
    const commit = await host.branchHead(branch)
    if (commit !== undefined) return { branch, commit }
  }
  throw new Fault('invalid', `${host.name} has no branch ${candidates.join(' or ')} for ${environment}.`, {
    suggestion: advice(application, environment),
  })
}

function advice(application: string, environment: string): string {
  return `Name the branch in wheelhouse.yaml: applications: {${application}: {branches: {${environment}: …}}}.`
}
