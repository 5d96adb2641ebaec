import type { BenchProduct } from './bench-product.ts'

export interface BenchOptions {
  /** Pairs of measurement and baseline. */
  samples: number
  /** Releases of P4. */
  size: number
  /** Milliseconds of silence before P13's events. */
  silenceMs: number
  /** The config repository is at GitHub, and nothing is found by polling. */
  github: boolean
  /** One line of progress for people, on standard error. */
  log(line: string): void
}

export interface Figures {
  figure: number
  unit: 'ms' | 's' | 'commits'
  /** Of bare Helm in the same run; null where there is nothing to compare with. */
  baseline: number | null
  /** `figure / baseline`. */
  ratio: number | null
  /** As `quality.md` words it. */
  target: string
  met: boolean
  details: Record<string, unknown>
}

/** Ends what was started. */
export type Stop = () => Promise<void>

export interface Context {
  options: BenchOptions
  /** Announces what has to be stopped when the program ends, however it ends; the answer stops it now. */
  opened(stop: Stop): Stop
  /** The product with 100 releases deployed and at rest; started when first asked for, the same for all scenarios. */
  settled(): Promise<BenchProduct>
}

export type Scenario = (context: Context) => Promise<Figures>
