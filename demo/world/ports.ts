import { randomInt } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { portNames } from './types.ts'
import type { PortName, Ports, Report } from './types.ts'
import { waitUntil } from './wait-until.ts'
import { WorldProblem } from './world-problem.ts'

/** Others hold addresses with these ports in them: image references, chart and Git URLs. They must not change. */
const lasting: readonly PortName[] = ['registry', 'git', 'charts']

/** Below the range from which Linux gives local ports to outgoing connections, so that a restart finds them free. */
const range = { from: 20_000, to: 32_000 }

/**
 * The ports of the world in `dataDir`: those insisted on, those of its last start, else free ones.
 * A taken port that others rely on is a `WorldProblem`; any other is replaced.
 */
export async function claimPorts(dataDir: string, wanted: Partial<Ports>, log: Report): Promise<Ports> {
  const file = join(dataDir, 'ports.json')
  const remembered = await readPorts(file)
  const claimed = new Map<PortName, number>()
  for (const name of portNames) {
    const insisted = wanted[name]
    const known = insisted ?? remembered[name]
    if (known !== undefined && (await becomesFree(known))) {
      claimed.set(name, known)
    } else if (known !== undefined && (insisted !== undefined || lasting.includes(name))) {
      throw new WorldProblem(
        `Port ${known} of the ${name} server is taken by another program. ` +
          `Stop that program (\`ss -ltnp 'sport = :${known}'\` names it)${insisted === undefined ? `, or start with another data directory: addresses with this port are recorded in ${dataDir}` : ' or choose another port'}.`,
      )
    } else {
      if (known !== undefined) log(`port ${known} of ${name} is taken; choosing another`)
      claimed.set(name, await findFreePort(new Set(claimed.values())))
    }
  }
  const ports = Object.fromEntries(claimed) as Ports
  await writeFile(file, `${JSON.stringify(ports, undefined, 2)}\n`)
  return ports
}

async function readPorts(file: string): Promise<Partial<Ports>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<Ports>
  } catch {
    return {}
  }
}

/** A free port of 127.0.0.1 outside the kernel's own range, none of `except`. */
export async function findFreePort(except: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(range.from, range.to)
    if (!except.has(port) && (await isFreePort(port))) return port
  }
  throw new WorldProblem(`No free port between ${range.from} and ${range.to}.`)
}

/** Whether the port is free, or gets so within 2 s: a world that was killed lets go of its ports a moment later. */
async function becomesFree(port: number): Promise<boolean> {
  return waitUntil(`port ${port}`, () => isFreePort(port), { timeoutMs: 2_000, everyMs: 100 }).catch(() => false)
}

/** Whether nobody listens on this port of 127.0.0.1. */
export function isFreePort(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
