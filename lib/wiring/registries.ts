import { readFile } from 'node:fs/promises'
import {
  createRegistry,
  enteredFor,
  pushCredentials,
  type RegistryCredentials,
} from '#lib/adapters/oci-registry/index.ts'
import { publicFetch } from '#lib/adapters/outbound-http/index.ts'
import { canonicalJson } from '#lib/core/audit/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { WorkerDeps } from '#lib/operations/work/deps.ts'
import type { Registry } from '#lib/ports/registry.ts'
import { pullCredentials, type PullCredentialsOptions } from './pull-credentials.ts'
import { sourceCredentials } from './source-credentials.ts'

export interface RegistriesOptions extends PullCredentialsOptions {
  /** Hosts that may be spoken to without TLS. */
  insecureHosts: readonly string[]
  /** Hosts of this machine or network that images may be at, beside those. */
  insideHosts: readonly string[]
  /** A docker `config.json` that names the repositories which may be pushed to; absent = none. */
  pushConfig?: string
}

/**
 * One registry client, and with it one rate budget, for each host and credential, with and without encryption. Where only a
 * document asks for plain HTTP, no credentials go out but those it names itself.
 */
export function registries(options: RegistriesOptions): WorkerDeps['registry'] {
  const made = new Map<string, Registry>()
  const pull = pullCredentials(options)
  // A document in Git names the host: it must not have us ask what only the inside answers.
  const named = options.insecureHosts.map((host) => new URL(`http://${host}`).hostname)
  const reach = publicFetch([...options.insideHosts, ...named])
  const make = (host: string, credentials: RegistryCredentials | undefined, insecure: boolean): Registry => {
    const key = canonicalJson([host, credentials ?? null, insecure])
    const known = made.get(key)
    if (known) return known
    const registry = createRegistry({
      host,
      insecure,
      credentials: () => Promise.resolve(credentials),
      fetch: reach,
      log: options.log,
    })
    made.set(key, registry)
    return registry
  }
  return async (host, namespaces, { secret, insecure: asked = false, pushTo } = {}) => {
    const allowed = options.insecureHosts.includes(host)
    if (pushTo !== undefined) return make(host, await findPush(options, host, pushTo), allowed)
    const found = asked && !allowed ? undefined : await pull(host, namespaces)
    const credentials = secret ? await sourceCredentials(options.cluster, secret, host) : found
    return make(host, credentials, asked || allowed)
  }
}

/** Pushing needs a credential of its own for the repository: none by default (§9.29). */
async function findPush(
  { entered, pushConfig: file }: RegistriesOptions,
  host: string,
  path: string,
): Promise<RegistryCredentials | undefined> {
  const own = enteredFor(await entered('push'), host, path)
  if (own) return own
  const text = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '')
  const found = pushCredentials(text, host, path)
  if (found) return found.credentials
  throw new Fault('registry-unauthorized', `Wheelhouse has no push credential for ${host}/${path}.`, {
    suggestion: 'Enter one at Settings, Registries; or promote by commit.',
  })
}
