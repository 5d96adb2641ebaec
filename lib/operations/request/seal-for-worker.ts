import { sealFor } from '#lib/core/credential/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Store } from '#lib/ports/store/index.ts'

/** Name of the fact that holds the public half of the worker's key. */
export const sealingKeyFact = 'sealing-key'

export interface SealDeps {
  store: Pick<Store, 'getFact'>
  /** That many fresh random bytes. */
  random(bytes: number): Buffer
}

/**
 * A credential as the database may keep it: only the worker can read it again. `binding` names the row and the host it is
 * for. Throws Fault `unavailable` until a worker has started for the first time.
 */
export async function sealForWorker(deps: SealDeps, text: string, binding: string): Promise<string> {
  const key = await deps.store.getFact(sealingKeyFact)
  if (typeof key !== 'string')
    throw new Fault('unavailable', 'No worker has told yet which key to encrypt with.', {
      suggestion: 'Start the worker, and save again.',
    })
  return sealFor(key, text, binding, deps.random(64))
}
