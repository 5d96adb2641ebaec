import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { GitAddress } from './git-address.ts'
import { removeLeftJobs } from './ssh-job.ts'

/** A ref is locked for milliseconds by a living Git child; an older lock belongs to a killed one. */
const staleLockMs = 2000

/** Makes the bare repository where there is none, and brings its configuration in line with `address`. */
export async function prepareMirrorDirectory(dir: string, address: GitAddress, caFile?: string): Promise<void> {
  for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'refs/remotes/origin', 'refs/tags']) {
    await mkdir(join(dir, part), { recursive: true, mode: 0o700 })
  }
  await writeFile(join(dir, 'config'), mirrorConfig(address, caFile), { mode: 0o600 })
  await writeFile(join(dir, 'HEAD'), 'ref: refs/heads/none\n')
  await removeStaleLocks(dir)
  await removeLeftJobs(dir)
}

/** Redirects are off because a header with credentials would follow them. */
function mirrorConfig(address: GitAddress, caFile: string | undefined): string {
  const lines = [
    '[core]',
    'repositoryformatversion = 0',
    'bare = true',
    'hooksPath = /dev/null',
    'logAllRefUpdates = false',
    '[remote "origin"]',
    `url = ${quoted(address.url)}`,
    'fetch = +refs/heads/*:refs/remotes/origin/*',
    'tagOpt = --no-tags',
    '[gc]',
    'auto = 0',
    'autoDetach = false',
    'pruneExpire = 2.weeks.ago',
    '[maintenance]',
    'auto = false',
    '[fetch]',
    'recurseSubmodules = false',
    'writeCommitGraph = false',
    '[transfer]',
    'fsckObjects = true',
    '[fetch "fsck"]',
    // Harmless irregularities of old histories; anything worse is refused.
    'missingSpaceBeforeDate = ignore',
    'zeroPaddedFilemode = ignore',
    'badTimezone = ignore',
    'missingEmail = ignore',
    '[http]',
    'followRedirects = false',
    'lowSpeedLimit = 100',
    'lowSpeedTime = 30',
    ...(caFile === undefined ? [] : [`sslCAInfo = ${quoted(caFile)}`]),
    '[fastimport]',
    'unpackLimit = 1000000',
  ]
  return `${lines.join('\n')}\n`
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Removes the ref locks of Git children that were killed; waits for those that may still be in use. */
export async function removeStaleLocks(dir: string): Promise<void> {
  for (const lock of await findLocks(dir)) {
    const made = await stat(lock).catch(() => undefined)
    if (!made) continue
    const age = Date.now() - made.mtimeMs
    if (age >= 0 && age < staleLockMs) await delay(staleLockMs - age)
    await rm(lock, { force: true })
  }
}

async function findLocks(dir: string): Promise<string[]> {
  const top = await readdir(dir)
  const refs = await readdir(join(dir, 'refs'), { recursive: true })
  const locks = [...top, ...refs.map((name) => join('refs', name))].filter((name) => name.endsWith('.lock'))
  return locks.map((name) => join(dir, name))
}
