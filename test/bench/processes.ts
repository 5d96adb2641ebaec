import { readFile, readdir } from 'node:fs/promises'

/** What /proc says of one process; undefined once it is gone. */
export interface ProcessFacts {
  pid: number
  /** Milliseconds since the epoch, to 10 ms. */
  startedAt: number
  /** Seconds of CPU, its own. */
  cpuSeconds: number
  rssMiB: number
  /** The most it ever had. */
  peakRssMiB: number
}

/** Linux counts in hundredths of a second wherever Node runs. */
const ticksPerSecond = 100

export async function processFacts(pid: number): Promise<ProcessFacts | undefined> {
  try {
    const [stat, status, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
      bootTime(),
    ])
    // Fields after the command's closing bracket: the 3rd is the first of them (proc_pid_stat(5)).
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const mib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
    return {
      pid,
      startedAt: boot + ((fields[19] ?? 0) / ticksPerSecond) * 1000,
      cpuSeconds: ((fields[11] ?? 0) + (fields[12] ?? 0)) / ticksPerSecond,
      rssMiB: mib('VmRSS'),
      peakRssMiB: mib('VmHWM'),
    }
  } catch {
    return undefined
  }
}

/** Milliseconds since the epoch; `btime` of /proc/stat has whole seconds only. */
async function bootTime(): Promise<number> {
  const [up = ''] = (await readFile('/proc/uptime', 'utf8')).split(' ')
  return Date.now() - Number(up) * 1000
}

/** Words of the command line; [] once it is gone. */
export async function commandLine(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').filter(Boolean)
}

/** Children of all threads. */
export async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  )
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}

/** `1.20 0.80 0.50 2/300 4242`: one, five, fifteen minutes, running and all, last pid. */
export async function loadAverage(): Promise<string> {
  return (await readFile('/proc/loadavg', 'utf8')).trim()
}
