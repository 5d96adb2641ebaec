/**
 * Program: launches children for the process that started it, which is told of them over the channel between the two.
 * Whoever it launched ends with it, and it ends with that process.
 */
import { killGroup } from './kill-group.ts'
import { launchHere, type LaunchedChild } from './launch-here.ts'
import type { FromLauncher, ToLauncher } from './messages.ts'

const running = new Map<number, LaunchedChild>()

const tell = (message: FromLauncher) => process.send?.(message)

async function launch({ id, launch }: Extract<ToLauncher, { kind: 'launch' }>): Promise<void> {
  try {
    const child = await launchHere(launch, (stream, chunk) => tell({ kind: 'output', id, stream, chunk }))
    running.set(id, child)
    tell({ kind: 'launched', id, pid: child.pid })
    const code = await child.ended
    running.delete(id)
    tell({ kind: 'ended', id, code })
  } catch (error) {
    tell({ kind: 'refused', id, error })
  }
}

process.on('message', (message: ToLauncher) => {
  if (message.kind === 'launch') void launch(message)
  else running.get(message.id)?.endInput(message.rest)
})
process.once('disconnect', () => {
  for (const { pid } of running.values()) killGroup(pid)
  process.exit()
})
// Whoever stops the worker sends these to all of its processes; the worker may still wait for a child.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
