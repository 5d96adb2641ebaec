/** Program: a Helm chart repository, that is, the files of one directory over HTTP on loopback. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'

const [directory = '', port = ''] = process.argv.slice(2)

const server = createServer(async (request, response) => {
  // All files lie in one directory: the last part of the path is enough, and cannot leave it.
  const file = join(directory, basename(new URL(request.url ?? '/', 'http://localhost').pathname))
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) return void response.writeHead(404).end()
  const etag = `"${found.mtimeMs.toString(36)}-${found.size}"`
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
  const type = file.endsWith('.tgz') ? 'application/gzip' : 'application/yaml'
  response.writeHead(200, { 'content-type': type, 'content-length': found.size, etag })
  createReadStream(file).pipe(response)
})
server.listen(Number(port), '127.0.0.1')
process.once('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
