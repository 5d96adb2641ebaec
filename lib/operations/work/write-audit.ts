import type { NewAudit, WriteRequest } from '#lib/ports/store/index.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'

/** The intent is recorded where the request is queued, in the same transaction. */
export function commitIntent(requestId: string): string {
  return `commit:${requestId}`
}

/** What every audit row of a write says; `kind` is the caller's. */
export function auditOfWrite(deps: Pick<WorkerDeps, 'clock' | 'memory'>, request: WriteRequest): NewAudit {
  const release = releaseBehind(deps, request.target.id)
  return {
    at: deps.clock.now(),
    kind: '',
    actor: request.actor.email,
    subject: request.target.id,
    environment: release?.environment,
    release: release?.id,
    operation: request.operation,
    intent: commitIntent(request.id),
    data: {},
  }
}
