import type { Launch } from './launch-here.ts'

/** `id` counts the launches of one launcher. */
export type ToLauncher =
  { kind: 'launch'; id: number; launch: Launch } | { kind: 'end-input'; id: number; rest: string }

/** For each launch `refused`, or `launched`, any `output`, and `ended`. `error`: of the system. */
export type FromLauncher =
  | { kind: 'refused'; id: number; error: unknown }
  | { kind: 'launched'; id: number; pid: number }
  | { kind: 'output'; id: number; stream: 'stdout' | 'stderr'; chunk: Buffer }
  | { kind: 'ended'; id: number; code: number | null }
