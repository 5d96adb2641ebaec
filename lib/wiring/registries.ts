import { createRegistry } from '#lib/adapters/oci-registry/index.ts'
import { canonicalJson } from '#lib/core/audit/index.ts'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import type { Registry } from '#lib/ports/registry.ts'
import { pullCredentials, type PullCredentialsOptions } from './pull-credentials.ts'
import { sourceCredentials } from './source-credentials.ts'

export interface RegistriesOptions extends PullCredentialsOptions {
  /** Hosts that may be spoken to without TLS. */
  insecureHosts: readonly string[]
}

/**
 * One registry client, and with it one rate budget, for each host and credential, with and without encryption. Where only a
 * document asks for plain HTTP, no credentials go out but those it names itself.
 */
export function registries(options: RegistriesOptions): WorkerDeps['registry'] {
  const made = new Map<string, Registry>()
  const pull = pullCredentials(options)
  return async (host, namespaces, { secret, insecure: asked = false } = {}) => {
    const allowed = options.insecureHosts.includes(host)
    const found = asked && !allowed ? undefined : await pull(host, namespaces)
    const credentials = secret ? await sourceCredentials(options.cluster, secret, host) : found
    const insecure = asked || allowed
    const key = canonicalJson([host, credentials ?? null, insecure])
    const known = made.get(key)
    if (known) return known
    const registry = createRegistry({
      host,
      insecure,
      credentials: () => Promise.resolve(credentials),
      log: options.log,
    })
    made.set(key, registry)
    return registry
  }
}
