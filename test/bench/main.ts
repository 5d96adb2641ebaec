/** Program: `npm run bench [-- P1 P2 … --samples N --size N --silence SECONDS]`. One JSON line per scenario. */
import { parseArgs } from 'node:util'
import { installAll, startBenchProduct, type BenchProduct } from './bench-product.ts'
import { measurePush } from './p1-push.ts'
import { measureSilence } from './p13-silence.ts'
import { measurePolicies } from './p14-policies.ts'
import { measureImage } from './p2-image.ts'
import { measureMany } from './p4-many.ts'
import { measureRestart } from './p5-restart.ts'
import { loadAverage } from './processes.ts'
import type { BenchOptions, Context, Scenario } from './scenario.ts'

const scenarios: Record<string, Scenario> = {
  P1: measurePush,
  P2: measureImage,
  P4: measureMany,
  P5: measureRestart,
  P13: measureSilence,
  P14: measurePolicies,
}

const usage = `Usage: npm run bench [-- ${Object.keys(scenarios).join(' ')}] [--samples N] [--size N] [--silence SECONDS]

  --samples  pairs of measurement and baseline; default 20
  --size     releases of P4: 100 (default), 500, 1000
  --silence  seconds before P13's events; default 600, and only that counts`

function readArguments(args: string[]): { names: string[]; options: BenchOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      samples: { type: 'string', default: '20' },
      size: { type: 'string', default: '100' },
      silence: { type: 'string', default: '600' },
    },
  })
  const unknown = positionals.filter((name) => !(name in scenarios))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}.`)
  const count = (name: keyof typeof values) => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} ${values[name]} is no positive number.`)
    return value
  }
  return {
    names: positionals.length > 0 ? positionals : Object.keys(scenarios),
    options: {
      samples: count('samples'),
      size: count('size'),
      silenceMs: count('silence') * 1000,
      log: (line) => console.error(`${process.uptime().toFixed(1).padStart(7)} s  ${line}`),
    },
  }
}

async function measureAll(names: readonly string[], options: BenchOptions): Promise<boolean> {
  let shared: Promise<BenchProduct> | undefined
  const context: Context = { options, settled: () => (shared ??= startSettled(options)) }
  let allMet = true
  try {
    for (const name of names) {
      const loadBefore = await loadAverage()
      options.log(`${name} begins`)
      const { details, ...figures } = (await scenarios[name]?.(context)) ?? { details: {}, met: false }
      allMet &&= figures.met
      console.log(JSON.stringify({ scenario: name, ...figures, load: [loadBefore, await loadAverage()], ...details }))
    }
  } finally {
    await (await shared?.catch(() => undefined))?.stop()
  }
  return allMet
}

async function startSettled(options: BenchOptions): Promise<BenchProduct> {
  const bench = await startBenchProduct(100, options.log)
  await installAll(bench)
  options.log('100 releases are deployed')
  return bench
}

async function main(): Promise<void> {
  try {
    const { names, options } = readArguments(process.argv.slice(2))
    if (!(await measureAll(names, options))) process.exitCode = 1
  } catch (problem) {
    console.error(problem instanceof Error ? problem.message : problem, `\n\n${usage}`)
    process.exitCode = 2
  }
}

await main()
