import { createHash } from 'node:crypto'
import type { WorkerDeps } from './deps.ts'

/**
 * The label that says which source an object comes from: repository, branch, and the paths that are read of it. Another
 * URL, branch or path is another source, and what came from the old one is orphaned, never deleted (§9.19).
 */
export function sourceLabel({ settings, memory }: Pick<WorkerDeps, 'settings' | 'memory'>): string {
  const parts = [settings.repository, settings.branch, ...memory.config.paths]
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16)
}
