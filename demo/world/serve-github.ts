/** Program: the GitHub test server of a world as a process of its own. Its log has the operations, and all complaints. */
import { readFile } from 'node:fs/promises'
import { startGitHubServer } from './github/start-github-server.ts'
import type { GitHubOptions } from './github/state.ts'

// The configuration holds tokens and webhook secrets: a file, not an argument that `ps` shows.
const options = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as GitHubOptions & { port: number }
const server = await startGitHubServer({ ...options, heard: (operation) => console.log(operation) })
process.once('SIGTERM', () => {
  server.stop().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
})
