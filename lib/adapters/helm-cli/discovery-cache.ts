import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * A directory in memory for what Helm keeps of the API server's discovery, the same at every start; undefined where there
 * is none of ours alone. Helm writes some 25 files anew in every run, by renaming, for which file systems wait for the
 * disk: 40 ms of a run's 300. What is lost is had again with the next run.
 */
export async function discoveryCache(workDir: string, memory = '/dev/shm'): Promise<string | undefined> {
  const directory = join(memory, `wheelhouse-${createHash('sha256').update(workDir).digest('hex').slice(0, 16)}`)
  try {
    await mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    // Everybody may write beside it: one that somebody else made could tell Helm anything of the cluster.
    const found = await lstat(directory)
    return found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o077) === 0 ? directory : undefined
  } catch {
    return undefined
  }
}
