import { setTimeout as pause } from 'node:timers/promises'
import type { BenchProduct } from './bench-product.ts'
import { keyOf, namespace } from './bench-releases.ts'
import type { BenchOptions } from './scenario.ts'

export interface Turns {
  /** Milliseconds each. */
  ours: number[]
  /** Until the watcher saw the revision deployed, as for ours. */
  bare: number[]
  /** Until the command returned. */
  bareUntilExit: number[]
}

/**
 * Measures the product and bare Helm alternately, each first every other time. Both upgrade a release that was installed
 * once, in the same namespace. `measure` upgrades the release of that name through the product and returns milliseconds.
 * `restMs` after each: what follows a deployment (records, status, audit) must not weigh on the next measurement.
 */
export async function inTurns(
  bench: BenchProduct,
  options: BenchOptions,
  restMs: number,
  measure: (name: string, turn: number) => Promise<number>,
): Promise<Turns> {
  const turns: Turns = { ours: [], bare: [], bareUntilExit: [] }
  const bareNames = Array.from({ length: options.samples }, (_, index) => `bare-${String(index).padStart(4, '0')}`)
  await bench.bare.upgradeAll(bareNames, { note: 'first' }, { processes: 2, namespace })
  await pause(restMs)
  for (const [turn, bareName] of bareNames.entries()) {
    const ours = async () => turns.ours.push(await measure(bench.names[(turn * 7) % bench.names.length] ?? '', turn))
    const bare = () => measureBare(bench, bareName, turns, turn)
    for (const one of turn % 2 === 0 ? [ours, bare] : [bare, ours]) {
      await one()
      await pause(restMs)
    }
    options.log(`turn ${turn}: ${Math.round(turns.ours[turn] ?? 0)} ms, bare helm ${turns.bare[turn]} ms`)
  }
  return turns
}

async function measureBare(bench: BenchProduct, name: string, turns: Turns, turn: number): Promise<void> {
  const before = bench.watcher.version(keyOf(name))
  const { startedAt, ended } = await bench.bare.startUpgrade(name, { note: `bare ${turn}` })
  const seen = await bench.watcher.deployedAbove(keyOf(name), before)
  turns.bare.push(seen - startedAt)
  turns.bareUntilExit.push((await ended) - startedAt)
}
