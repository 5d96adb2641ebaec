import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { startBenchProduct, type BenchProduct } from './bench-product.ts'
import { keyOf, pathOf, withNote } from './bench-releases.ts'
import { processFacts } from './processes.ts'
import type { BenchOptions, Context, Figures } from './scenario.ts'
import { rounded } from './statistics.ts'

const targetRatio = 1.15
const targetRssMiB = 250

interface Round {
  oursMs: number
  /** By number of processes of `xargs -P`. */
  bareMs: Record<string, number>
}

/** Many releases installed by one commit, then upgraded by one; beside them the same by bare Helm, as fast as it goes. */
export async function measureMany(context: Context): Promise<Figures> {
  const { options } = context
  const bench = await startBenchProduct(options.size, context)
  try {
    for (const processes of parallel) await makeNamespace(bench, processes)
    const install = await measureRound(bench, options, 'first', 1)
    const upgrade = await measureRound(bench, options, 'second', 2)
    const worker = await processFacts(await bench.worker())
    const [first, second] = [ratioOf(install), ratioOf(upgrade)]
    const worse = first.ratio > second.ratio ? first : second
    const peakMiB = worker?.peakRssMiB ?? Number.NaN
    return {
      figure: rounded(worse.oursMs / 1000),
      unit: 's',
      baseline: rounded(worse.bareMs / 1000),
      ratio: worse.ratio,
      target: `≤${targetRatio} × the best xargs -P of bare helm; worker RSS ≤${targetRssMiB} MiB`,
      met: worse.ratio <= targetRatio && peakMiB <= targetRssMiB,
      details: {
        releases: options.size,
        install: { ...install, ratio: first.ratio },
        upgrade: { ...upgrade, ratio: second.ratio },
        workerPeakRssMiB: Math.round(peakMiB),
        workerRssMiB: Math.round(worker?.rssMiB ?? Number.NaN),
        workerCpuSeconds: worker?.cpuSeconds,
      },
    }
  } finally {
    await bench.stop()
  }
}

/** Far more than it takes. */
const allowanceMs = (releases: number): number => 60_000 + releases * 3_000
/** Records, status and audit of many deployments must not weigh on what is measured next. */
const settleMs = 10_000

/** Helm is bound by the CPU; what is best differs from machine to machine. */
const parallel = [availableParallelism(), availableParallelism() + 1, availableParallelism() * 2]

const bareNamespace = (processes: number): string => `bare-p${processes}`

async function makeNamespace({ world }: BenchProduct, processes: number): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: bareNamespace(processes) } }
  await world.api.ensure('/api/v1/namespaces', object)
}

/** Ours in the middle of the bare runs, so that neither has the emptier cluster. */
async function measureRound(bench: BenchProduct, options: BenchOptions, note: string, version: number): Promise<Round> {
  const round: Round = { oursMs: Number.NaN, bareMs: {} }
  for (const [index, processes] of parallel.entries()) {
    if (index === 1) round.oursMs = await measureOurs(bench, note, version)
    round.bareMs[processes] = await measureBare(bench, note, version, processes)
  }
  options.log(`${note}: ${Math.round(round.oursMs)} ms, bare ${JSON.stringify(round.bareMs)}`)
  return round
}

async function measureOurs(bench: BenchProduct, note: string, version: number): Promise<number> {
  const { config, names, watcher } = bench
  if (version === 1) {
    const files = names.map((name) => [pathOf(name), withNote(bench.document(name, false), note)])
    await config.commit(Object.fromEntries(files), `Add ${names.length} releases`)
  } else await config.edit(names.map(pathOf), (text) => withNote(text, note), `Change ${names.length} releases`)
  const from = await config.push()
  const until = await watcher.allDeployed(names.map(keyOf), version, allowanceMs(names.length))
  await pause(settleMs)
  return Math.round(until - from)
}

async function measureBare(bench: BenchProduct, note: string, version: number, processes: number): Promise<number> {
  const namespace = bareNamespace(processes)
  const values = { image: 'registry.invalid/app:dev-0', note }
  const { startedAt } = await bench.bare.upgradeAll(bench.names, values, { processes, namespace })
  const keys = bench.names.map((name) => `${namespace}/${name}`)
  return (await bench.watcher.allDeployed(keys, version, allowanceMs(keys.length))) - startedAt
}

function ratioOf({ oursMs, bareMs }: Round) {
  const best = Math.min(...Object.values(bareMs))
  return { oursMs, bareMs: best, ratio: rounded(oursMs / best) }
}
