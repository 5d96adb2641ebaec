import type { CommitSeen, CommitStatusState, HostedOperation, HostSeen, HostTelling } from './types.ts'

/**
 * Milliseconds without an end after which what became of a commit is told: its releases are deployed one after the other,
 * and one that has just ended says nothing of those to come.
 */
export const quietMs = 10_000

/**
 * What the host is told next: first how commits stand, which many releases share, then of deployments, oldest first, then
 * that earlier ones are over. What ends before it was told to have begun is told at once.
 */
export function nextHostTelling({ commits, operations, replaced }: HostSeen, now: number): HostTelling {
  const waits: number[] = []
  for (const commit of commits) {
    const telling = statusOf(commit, now)
    if (telling.kind === 'status') return telling
    if (telling.until !== undefined) waits.push(telling.until)
  }
  const [next] = operations
  if (next) return deploymentOf(next)
  const [over] = replaced
  if (over) return { kind: 'retire', of: over }
  return { kind: 'nothing', ...(waits.length > 0 ? { until: Math.min(...waits) } : {}) }
}

function deploymentOf(of: HostedOperation): HostTelling {
  const { deployment } = of
  return deployment === undefined
    ? { kind: 'announce', of }
    : { kind: 'state', of, deployment, state: states[of.state] }
}

const states = {
  running: 'in_progress',
  succeeded: 'success',
  failed: 'failure',
  superseded: 'inactive',
} as const

type StatusTelling = Extract<HostTelling, { kind: 'status' | 'nothing' }>

/** `pending` is told once; after that only what became of it. */
function statusOf(seen: CommitSeen, now: number): StatusTelling {
  const { commit, environment, running, told, endedAt } = seen
  const of = { commit, environment }
  if (running > 0) {
    if (told !== undefined) return { kind: 'nothing' }
    return { kind: 'status', of, state: 'pending', words: `Being deployed to ${environment}.` }
  }
  if (endedAt === undefined) return { kind: 'nothing' }
  if (now < endedAt + quietMs) return { kind: 'nothing', until: endedAt + quietMs }
  return { kind: 'status', of, ...outcome(seen) }
}

function outcome({ environment, succeeded, failed }: CommitSeen): { state: CommitStatusState; words: string } {
  if (failed > 0) {
    const words =
      succeeded > 0
        ? `${failed} of ${counted(failed + succeeded)} not deployed to ${environment}.`
        : `${counted(failed)} not deployed to ${environment}.`
    return { state: 'failure', words }
  }
  if (succeeded > 0) return { state: 'success', words: `${counted(succeeded)} deployed to ${environment}.` }
  return { state: 'error', words: `Something newer came before it was deployed to ${environment}.` }
}

function counted(releases: number): string {
  return releases === 1 ? '1 release' : `${releases} releases`
}
