import type { RequestOptions } from 'node:https'
import { Fault } from '#lib/core/fault/index.ts'
import type { Connection } from './agents.ts'
import { createAgents } from './agents.ts'
import type { Access } from './kubeconfig.ts'

/**
 * Sign-in by a program of the kubeconfig, or a connection through its proxy, as `@kubernetes/client-node` does it.
 * The program runs for the first request and again when its credential expires.
 */
export async function delegatedConnection(
  access: Extract<Access, { kind: 'delegated' }>,
  path: string,
): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromFile(path)
  config.setCurrentContext(access.context)

  const signIn = async (): Promise<RequestOptions> => {
    const options: RequestOptions = {}
    try {
      await config.applyToHTTPSOptions(options)
    } catch (cause) {
      // The program's own words may hold a credential: they stay in `cause`, which is never shown.
      throw new Fault('cluster-unreachable', `Signing in by the kubeconfig's ${access.to} failed`, {
        cause,
        retryable: true,
        suggestion: 'Run the same program by hand with this kubeconfig.',
      })
    }
    return options
  }

  const first = await signIn()
  const { ca, cert, key, servername, rejectUnauthorized } = first
  const own = createAgents(access.server, { ca, cert, key, servername, rejectUnauthorized })
  const proxied = access.to === 'proxy' && typeof first.agent === 'object' ? first.agent : undefined
  return {
    server: access.server,
    requestAgent: proxied ?? own.requestAgent,
    watchAgent: proxied ?? own.watchAgent,
    async headers() {
      const options = await signIn()
      const basic = options.auth ? { Authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {}
      return { ...basic, ...(options.headers as Record<string, string> | undefined) }
    },
    close: own.close,
  }
}
