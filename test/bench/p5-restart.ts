import { open, stat } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '#demo/world/wait-until.ts'
import type { BenchProduct } from './bench-product.ts'
import { childrenOf, commandLine, processFacts } from './processes.ts'
import type { Context, Figures } from './scenario.ts'
import { rounded, summary } from './statistics.ts'

const targetMs = 2_000
const restarts = 5
/** Milliseconds after the verdict during which no helm may be started either. */
const watchOnMs = 3_000

interface Restart {
  /** From the start of the new worker to its word that every release is verified. */
  verifiedMs: number
  /** From the signal to the old worker. */
  sinceKillMs: number
  releases: number
  helmProcesses: number
  cpuSeconds: number
}

/** The worker killed and started again, with 100 releases in which nothing changed. */
export async function measureRestart({ options, settled }: Context): Promise<Figures> {
  const bench = await settled()
  const seen: Restart[] = []
  for (let round = 0; round < restarts; round++) {
    seen.push(await restartOnce(bench))
    options.log(`restart ${round}: ${JSON.stringify(seen.at(-1))}`)
  }
  const verified = seen.map(({ verifiedMs }) => verifiedMs)
  const figure = Math.max(...verified)
  const helmProcesses = seen.reduce((sum, restart) => sum + restart.helmProcesses, 0)
  const releases = Math.min(...seen.map((restart) => restart.releases))
  return {
    figure: rounded(figure / 1000),
    unit: 's',
    baseline: null,
    ratio: null,
    target: 'verified in ≤2 s, 0 helm processes',
    met: figure <= targetMs && helmProcesses === 0 && releases >= bench.names.length,
    details: {
      releases,
      helmProcesses,
      verified: summary(verified),
      sinceKill: summary(seen.map(({ sinceKillMs }) => sinceKillMs)),
      cpuSeconds: Math.max(...seen.map(({ cpuSeconds }) => cpuSeconds)),
    },
  }
}

async function restartOnce(bench: BenchProduct): Promise<Restart> {
  const before = await bench.worker()
  const offset = (await stat(bench.logFile)).size
  const killedAt = Date.now()
  process.kill(before, 'SIGKILL')
  const pid = await waitUntil('another worker', async () => (await bench.worker()) !== before && bench.worker(), {
    everyMs: 5,
  })
  const watching = new AbortController()
  const helm = countHelm(pid, watching.signal)
  const { at, releases } = await waitUntil('all is verified', () => verdictAfter(bench.logFile, offset), {
    everyMs: 20,
    timeoutMs: 30_000,
  })
  const facts = await processFacts(pid)
  await pause(watchOnMs)
  watching.abort()
  return {
    verifiedMs: Math.round(at - (facts?.startedAt ?? Number.NaN)),
    sinceKillMs: at - killedAt,
    releases,
    helmProcesses: (await helm).size,
    cpuSeconds: facts?.cpuSeconds ?? Number.NaN,
  }
}

/** Pids of helm below a process. One lives for a tenth of a second at least, so that none is missed. */
async function countHelm(pid: number, signal: AbortSignal): Promise<Set<number>> {
  const known = new Map<number, boolean>()
  while (!signal.aborted) {
    for (const child of await childrenOf(pid)) {
      if (known.get(child)) continue
      const words = await commandLine(child)
      known.set(
        child,
        words.some((word) => /(^|\/)helm$/.test(word)),
      )
    }
    await pause(10)
  }
  return new Set([...known].filter(([, isHelm]) => isHelm).map(([child]) => child))
}

/** What the worker says once it has looked at every release. */
async function verdictAfter(logFile: string, offset: number): Promise<{ at: number; releases: number } | undefined> {
  const file = await open(logFile)
  try {
    const { size } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset)
    const line = buffer
      .toString('utf8')
      .split('\n')
      .find((text) => text.includes('"message":"all releases verified"'))
    if (!line?.endsWith('}')) return undefined
    const { time, releases } = JSON.parse(line) as { time: string; releases: number }
    return { at: Date.parse(time), releases }
  } finally {
    await file.close()
  }
}
