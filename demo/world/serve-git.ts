/** Program: the Git server of a world as a process of its own, so that it can be stopped and killed like the others. */
import { readFile } from 'node:fs/promises'
import { startGitServer } from './git-server.ts'
import type { GitServerOptions } from './git-server.ts'

// The configuration holds webhook secrets: a file, not an argument that `ps` shows.
const options = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as GitServerOptions
const server = await startGitServer(options)
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
