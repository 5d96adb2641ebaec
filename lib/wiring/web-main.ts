import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import next from 'next'
import { jsonLog } from '#lib/adapters/log/index.ts'
import { readConfig } from '#lib/config/config.ts'
import { KnownSecrets, redaction } from '#lib/core/redact/index.ts'
import { peerHeader, providePeerSecret } from '#lib/server/peer.ts'
import { provideWebDeps } from '#lib/server/web-deps.ts'
import { productRoot } from './product-root.ts'
import { secretsInConfig } from './secrets-in-config.ts'
import { wireWeb } from './web.ts'

/** The web process: Next behind our own HTTP server, which says who connected and closes in order. */
async function main(): Promise<void> {
  const config = readConfig(process.env)
  const secrets = new KnownSecrets()
  secrets.add('config', secretsInConfig(config))
  const log = jsonLog({
    clock: { now: () => Date.now() },
    level: config.logLevel,
    fields: { process: 'web' },
    redact: (text) => redaction.log(text, secrets.everywhere()),
  })
  if (!config.databaseUrl) throw new Error('The web process needs DATABASE_URL; `npm run web` sets it.')
  const { version } = JSON.parse(await readFile(`${productRoot}/package.json`, 'utf8')) as { version: string }
  const web = await wireWeb(config, config.databaseUrl, version, log)
  provideWebDeps(web.deps)

  const secret = randomBytes(16).toString('hex')
  providePeerSecret(secret)
  const app = next({ dev: false, dir: productRoot, hostname: config.host, port: config.port, quiet: true })
  await app.prepare()
  const handle = app.getRequestHandler()
  const server = createServer({ requestTimeout: 60_000 }, (request, response) => {
    nameThePeer(request, secret, config.trustedProxy)
    secure(response, config.webUrl)
    handle(request, response).catch((error: unknown) => {
      log.error('a request could not be handled', { error })
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  server.listen(config.port, config.host, () => log.info('web listens', { url: config.webUrl }))

  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    server.close()
    web.deps.live.close()
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 2000).unref()
    await app.close()
    await web.close()
    log.info('web stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
}

/**
 * A request through a proxy comes from wherever; only a direct one may count as local. What a proxy says of the address is
 * believed where one is known to stand before us, and then only its own word: the last.
 */
function nameThePeer(request: IncomingMessage, secret: string, trustedProxy: boolean): void {
  const forwarded = request.headers['x-forwarded-for']
  const proxied = forwarded !== undefined || request.headers.forwarded !== undefined
  const told = trustedProxy
    ? String(forwarded ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : undefined
  const address = told && isIP(told) ? told : (request.socket.remoteAddress ?? '')
  request.headers[peerHeader] = `${secret} ${proxied ? 'proxied' : 'direct'} ${address}`
}

/** On everything, static files included; pages and API add their own Content-Security-Policy. */
function secure(response: ServerResponse, webUrl: string): void {
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('permissions-policy', 'camera=(), microphone=(), geolocation=()')
  if (webUrl.startsWith('https:')) response.setHeader('strict-transport-security', 'max-age=31536000')
}

await main()
