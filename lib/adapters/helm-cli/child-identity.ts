import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { ChildIdentity } from '#lib/ports/helm.ts'

export function childIdentity(pid: number): ChildIdentity {
  return { host: hostname(), pid, startTime: startTimeOf(pid) ?? '' }
}

/**
 * Whether that very process still runs; undefined = it is another host's. False only with proof: on this host, and either
 * no such process or one that started at another time. Without start times it counts as alive unless the pid is free.
 */
export function isAlive(identity: ChildIdentity): boolean | undefined {
  if (identity.host !== hostname()) return undefined
  if (!pidExists(identity.pid)) return false
  const startTime = startTimeOf(identity.pid)
  if (startTime === undefined || identity.startTime === '') return true
  return startTime === identity.startTime && !isZombie(identity.pid)
}

/** Field 22 of /proc/<pid>/stat; the program's name in field 2 may hold spaces and parentheses. */
function startTimeOf(pid: number): string | undefined {
  return statFields(pid)?.[22 - 3]
}

function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z'
}

/** The fields from the third on; undefined where there is no /proc or no such process. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to someone else.
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM'
  }
}
