import type { WorkerDeps } from '#lib/operations/work/deps.ts'

type Deps = Pick<WorkerDeps, 'memory' | 'clock' | 'log'>

/**
 * Says once after a start when every release that Git wants has been compared with the cluster: from then on what the
 * pages show is verified and not only remembered. `look` = one round of the release loop.
 */
export function firstLook(
  { memory, clock, log }: Deps,
  look: (id: string) => Promise<number | undefined>,
): (id: string) => Promise<number | undefined> {
  const startedAt = clock.now()
  const seen = new Set<string>()
  let isOver = false
  const isComplete = () => [...memory.releases.values()].every(({ id, desired }) => !desired || seen.has(id))
  return async (id) => {
    // Without all three nothing is compared.
    const compares = !isOver && memory.snapshot !== undefined && memory.history && memory.namespaces
    const again = await look(id)
    if (!compares || isOver) return again
    seen.add(id)
    if (!isComplete()) return again
    isOver = true
    log.info('all releases verified', { releases: seen.size, ms: clock.now() - startedAt })
    return again
  }
}
