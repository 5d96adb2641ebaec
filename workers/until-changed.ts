import type { Wakeups } from '#lib/ports/wakeups.ts'

/**
 * Resolves once `read` no longer says `version`: asked at once, and whenever somebody tells that the connection to the
 * repository changed. What cannot be read counts as unchanged; whoever is woken next asks again.
 */
export function untilChanged(
  wakeups: Pick<Wakeups, 'on'>,
  version: string | undefined,
  read: () => Promise<string | undefined>,
): { promise: Promise<void>; stop(): void } {
  const changed = Promise.withResolvers<void>()
  const look = async () => {
    const now = await read().catch(() => version)
    if (now !== version) changed.resolve()
  }
  const stop = wakeups.on('connection', () => void look())
  void look()
  return { promise: changed.promise, stop }
}
