import http from 'node:http'
import https from 'node:https'

/** How to reach one API server with one identity. */
export interface Connection {
  server: URL
  /** For requests: a small pool. */
  requestAgent: http.Agent
  /** For watches: one connection each. */
  watchAgent: http.Agent
  /** Authorization and impersonation. Read for each request: tokens are renewed on disk. */
  headers(): Promise<http.OutgoingHttpHeaders>
  close(): void
}

/** HTTP/1.1 with keep-alive. Idle sockets go after 60 s, before the API server closes them (Go: 90 s). */
export function createAgents(server: URL, tls: https.AgentOptions): Omit<Connection, 'server' | 'headers'> {
  const make = (options: http.AgentOptions): http.Agent =>
    server.protocol === 'http:' ? new http.Agent(options) : new https.Agent({ ...tls, ...options })
  const requestAgent = make({ keepAlive: true, maxSockets: 8, maxFreeSockets: 2, timeout: 60_000 })
  const watchAgent = make({ keepAlive: true, maxFreeSockets: 2 })
  return {
    requestAgent,
    watchAgent,
    close() {
      requestAgent.destroy()
      // Watches of the old connection go on until they end by themselves: same server, older token.
      for (const sockets of Object.values(watchAgent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
    },
  }
}
