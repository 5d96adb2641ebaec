import { setTimeout as pause } from 'node:timers/promises'

const patienceMs = 60_000

/** Resolves when `url` answers with success; throws after a minute. */
export async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return
    if (Date.now() > deadline) throw new Error('The web process did not become ready within a minute.')
    await pause(100)
  }
}
