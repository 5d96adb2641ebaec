import { Fault } from '#lib/core/fault/index.ts'
import type { KindRef } from '#lib/ports/cluster.ts'
import type { CommandRecord } from '#lib/ports/store/index.ts'
import { clusterTestFact, type ClusterRight, type ClusterTest } from '../read/cluster-test-fact.ts'
import { actsSomewhere, type WorkerDeps } from '../work/deps.ts'
import { tellCluster } from '../work/tell-cluster.ts'
import type { CommandResult } from './execute-command.ts'

/** What the loops do, one of each kind of thing; charts may bring more kinds, which their releases then name. */
const needed: readonly { to: ClusterRight['to']; words: string; verb: string; kind: KindRef }[] = [
  { to: 'look', words: 'see namespaces', verb: 'list', kind: { apiVersion: 'v1', kind: 'Namespace' } },
  { to: 'look', words: "read Helm's records", verb: 'list', kind: { apiVersion: 'v1', kind: 'Secret' } },
  { to: 'look', words: 'see workloads', verb: 'list', kind: { apiVersion: 'apps/v1', kind: 'Deployment' } },
  { to: 'look', words: 'see pods', verb: 'list', kind: { apiVersion: 'v1', kind: 'Pod' } },
  { to: 'look', words: 'follow changes', verb: 'watch', kind: { apiVersion: 'v1', kind: 'Pod' } },
  { to: 'act', words: 'create namespaces', verb: 'create', kind: { apiVersion: 'v1', kind: 'Namespace' } },
  { to: 'act', words: "write Helm's records", verb: 'create', kind: { apiVersion: 'v1', kind: 'Secret' } },
  { to: 'act', words: 'create workloads', verb: 'create', kind: { apiVersion: 'apps/v1', kind: 'Deployment' } },
  { to: 'act', words: 'change workloads', verb: 'patch', kind: { apiVersion: 'apps/v1', kind: 'Deployment' } },
  { to: 'act', words: 'delete workloads', verb: 'delete', kind: { apiVersion: 'apps/v1', kind: 'Deployment' } },
  {
    to: 'act',
    words: 'define the kinds of releases',
    verb: 'create',
    kind: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  },
]

/**
 * Asks the API server who we are there and what we may do (SelfSubjectReview, SelfSubjectAccessReview): nothing is written.
 * Throws Fault `conflict` where something needed is missing.
 */
export async function testCluster(deps: WorkerDeps, command: CommandRecord): Promise<CommandResult> {
  const { cluster, store, clock, settings } = deps
  const about = { cluster: settings.clusterName, at: clock.now(), by: command.actor.email }
  const seen = await look(deps).catch((error: unknown) => {
    if (error instanceof Fault) return error
    throw error
  })
  if (seen instanceof Fault) {
    const problem = { message: seen.message, suggestion: seen.suggestion }
    await store.setFact(clusterTestFact, { ...about, rights: [], problem } satisfies ClusterTest)
    throw new Fault('conflict', seen.message, { suggestion: seen.suggestion })
  }
  await tellCluster({ cluster, helm: deps.helm, store, log: deps.log })
  await store.setFact(clusterTestFact, { ...about, ...seen } satisfies ClusterTest)
  deps.wakeups.wake('outbox')
  const missing = seen.rights.filter(({ to, allowed }) => !allowed && (to === 'look' || actsSomewhere(deps)))
  if (missing.length > 0)
    throw new Fault(
      'conflict',
      `The cluster does not let Wheelhouse ${missing.map(({ words }) => words).join(', ')}.`,
      {
        suggestion: 'Bind a ClusterRole that allows it to the account of the kubeconfig, and test again.',
      },
    )
  const lookOnly = seen.rights.some(({ allowed }) => !allowed)
  return { message: lookOnly ? 'Tested: enough to look, not to act.' : 'Tested: everything needed is allowed.' }
}

async function look({ cluster }: WorkerDeps): Promise<Pick<ClusterTest, 'user' | 'rights'>> {
  const user = await cluster.user()
  const rights = await Promise.all(
    needed.map(async ({ to, words, verb, kind }) => ({ to, words, allowed: await cluster.canI(verb, kind) })),
  )
  return { user, rights }
}
