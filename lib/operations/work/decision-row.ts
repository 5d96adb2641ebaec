import type { DesiredRelease, Mode } from '#lib/core/release/types.ts'
import type { DecisionRecord } from '#lib/ports/store/index.ts'
import type { ContainerDecision } from './decide-containers.ts'

/** What the log says of one decision; `unwritten` = why a move is not written. */
export function decisionRow(
  release: string,
  { decision, container, written }: ContainerDecision,
  unwritten: string | undefined,
): Omit<DecisionRecord, 'at' | 'operation'> {
  const reason = decision.kind === 'blocked' ? decision.problem.message : decision.reason
  return {
    release,
    container: container.name,
    policy: written,
    current: container.image.tag,
    kind: decision.kind,
    tag: decision.kind === 'move' ? decision.tag : undefined,
    reason: decision.kind === 'move' && unwritten ? `${reason}; not written, ${unwritten}` : reason,
  }
}

/** What keeps automation of a release from writing, whatever the tags say. */
export function barrier(
  { automation: { locked } }: DesiredRelease,
  { emergency, stopped, mode }: { emergency: boolean; stopped: string | undefined; mode: Mode },
): string | undefined {
  if (locked) return `locked${locked.message ? `: ${locked.message}` : ''}`
  if (emergency) return 'held: it was rolled back while Git was away'
  if (stopped !== undefined) return `stopped: ${stopped}`
  return mode === 'observe' ? 'observed only: acting is not enabled for this environment' : undefined
}

export const promoted = (environment: string): string => `${environment} has gates: it becomes a promotion`
