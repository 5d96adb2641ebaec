import { readFileSync, rmSync } from 'node:fs'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'

/**
 * The fault harness: while `file` holds `commit.pushed#2`, the worker ends as `kill -9` would when it comes to that step
 * for the second time since then. The file is removed first, so that the worker started in its place goes on. Without a
 * file name a step does nothing.
 */
export function crashPoint(file: string | undefined): WorkerDeps['step'] {
  if (file === undefined) return () => {}
  let armed = ''
  let left = 0
  return (name) => {
    const text = readIfThere(file)
    const [wanted, count = '1'] = text.split('#')
    if (text !== armed) left = Number(count)
    armed = text
    if (name !== wanted || --left > 0) return
    rmSync(file)
    process.kill(process.pid, 'SIGKILL')
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
