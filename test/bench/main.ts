/** Program: `npm run bench [-- P1 P2 … --samples N --size N --silence SECONDS --github]`. One JSON line per scenario. */
import { parseArgs } from 'node:util'
import { installAll, startBenchProduct, type BenchProduct } from './bench-product.ts'
import { measurePush } from './p1-push.ts'
import { measureClients } from './p11-clients.ts'
import { measureWebhooks } from './p12-webhooks.ts'
import { measureSilence } from './p13-silence.ts'
import { measurePolicies } from './p14-policies.ts'
import { measureImage } from './p2-image.ts'
import { measureBurst } from './p3-burst.ts'
import { measureMany } from './p4-many.ts'
import { measureRestart } from './p5-restart.ts'
import { loadAverage } from './processes.ts'
import type { BenchOptions, Context, Scenario, Stop } from './scenario.ts'

/** Those that share one product come first; it is stopped before the others begin. */
const onSettled: Record<string, Scenario> = { P1: measurePush, P2: measureImage, P5: measureRestart }
const onTheirOwn: Record<string, Scenario> = {
  P3: measureBurst,
  P4: measureMany,
  P11: measureClients,
  P12: measureWebhooks,
  P13: measureSilence,
  P14: measurePolicies,
}
const scenarios = { ...onSettled, ...onTheirOwn }

const usage = `Usage: npm run bench [-- ${Object.keys(scenarios).join(' ')}] [--samples N] [--size N] [--silence SECONDS] [--github]

  --samples  pairs of measurement and baseline; default 20
  --size     releases of P4: 100 (default), 500, 1000
  --silence  seconds before P13's events; default 600, and only that counts
  --github   P1, P2, P5 with the repository at a GitHub, by API and webhooks alone: polling is set to an hour

Exit code 0 = every target met, 1 = not, 2 = could not be measured.`

function readArguments(args: string[]): { names: string[]; options: BenchOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      samples: { type: 'string', default: '20' },
      size: { type: 'string', default: '100' },
      silence: { type: 'string', default: '600' },
      github: { type: 'boolean', default: false },
    },
  })
  const unknown = positionals.filter((name) => !(name in scenarios))
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}.`)
  const count = (name: 'samples' | 'size' | 'silence') => {
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
      github: values.github,
      log: (line) => console.error(`${process.uptime().toFixed(1).padStart(7)} s  ${line}`),
    },
  }
}

/** Worlds that run; stopped in any case, so that nothing of them is left. */
function openStops() {
  const open = new Set<Stop>()
  const opened = (stop: Stop): Stop => {
    const once = async () => {
      if (open.delete(once)) await stop()
    }
    open.add(once)
    return once
  }
  return { opened, stopAll: () => Promise.allSettled([...open].map((stop) => stop())) }
}

async function measure(name: string, scenario: Scenario, context: Context): Promise<number> {
  const before = await loadAverage()
  context.options.log(`${name} begins`)
  const print = async (line: object) =>
    console.log(
      JSON.stringify({
        scenario: name,
        ...(context.options.github ? { github: true } : {}),
        ...line,
        load: [before, await loadAverage()],
      }),
    )
  try {
    const { details, ...figures } = await scenario(context)
    await print({ ...figures, ...details })
    return figures.met ? 0 : 1
  } catch (error) {
    await print({ met: false, error: error instanceof Error ? error.message : String(error) })
    return 2
  }
}

async function measureAll(names: readonly string[], options: BenchOptions): Promise<number> {
  const { opened, stopAll } = openStops()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stopAll().then(() => process.exit(2)))
  let shared: Promise<BenchProduct> | undefined
  const context: Context = { options, opened, settled: () => (shared ??= startSettled(context)) }
  let code = 0
  try {
    for (const group of [onSettled, onTheirOwn]) {
      for (const [name, scenario] of Object.entries(group))
        if (names.includes(name)) code = Math.max(code, await measure(name, scenario, context))
      await stopAll()
    }
  } finally {
    await stopAll()
  }
  return code
}

async function startSettled(context: Context): Promise<BenchProduct> {
  const bench = await startBenchProduct(100, context)
  await installAll(bench)
  context.options.log('100 releases are deployed')
  return bench
}

async function main(): Promise<void> {
  try {
    const { names, options } = readArguments(process.argv.slice(2))
    process.exitCode = await measureAll(names, options)
  } catch (problem) {
    console.error(problem instanceof Error ? problem.message : problem, `\n\n${usage}`)
    process.exitCode = 2
  }
}

await main()
