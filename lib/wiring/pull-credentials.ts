import { readFile } from 'node:fs/promises'
import {
  credentialsForHost,
  enteredFor,
  type EnteredCredentials,
  type RegistryCredentials,
} from '#lib/adapters/oci-registry/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Cluster } from '#lib/ports/cluster.ts'
import type { Log } from '#lib/ports/log.ts'

export interface PullCredentialsOptions {
  cluster: Pick<Cluster, 'get'>
  /** Those entered on the settings page, opened. */
  entered(purpose: 'pull' | 'push'): Promise<EnteredCredentials[]>
  /** A docker `config.json`; absent = none. */
  dockerConfig: string | undefined
  clock: Clock
  log: Log
}

/** What was found for a host and namespace is looked for again after this, so that a changed Secret is followed. */
const keptMs = 60_000

/**
 * Credentials for a registry host as a kubelet would find them for the namespaces that use it: the pull secrets of their
 * `default` ServiceAccount, then those entered on the settings page, then the worker's own docker config. undefined = anonymous. A Secret that cannot be read counts
 * as absent: a registry that then answers 401 says more than a guess would.
 */
export function pullCredentials(
  options: PullCredentialsOptions,
): (host: string, namespaces: readonly string[]) => Promise<RegistryCredentials | undefined> {
  const kept = new Map<string, { until: number; configs: Promise<string[]> }>()
  const configsOf = (namespace: string) => {
    const now = options.clock.now()
    const known = kept.get(namespace)
    if (known && known.until > now) return known.configs
    const configs = pullSecrets(options, namespace)
    kept.set(namespace, { until: now + keptMs, configs })
    return configs
  }
  return async (host, namespaces) => {
    for (const namespace of namespaces) {
      for (const config of await configsOf(namespace)) {
        const found = credentialsForHost(config, host)
        if (found) return found
      }
    }
    const entered = enteredFor(await options.entered('pull'), host)
    if (entered) return entered
    const own = options.dockerConfig && (await readFile(options.dockerConfig, 'utf8').catch(() => undefined))
    return own ? credentialsForHost(own, host) : undefined
  }
}

async function pullSecrets({ cluster, log }: PullCredentialsOptions, namespace: string): Promise<string[]> {
  try {
    const account = await cluster.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'default' })
    const named = (account?.imagePullSecrets ?? []) as { name?: string }[]
    const found: string[] = []
    for (const { name } of named) {
      const secret = name && (await cluster.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }))
      const data = secret ? (secret.data as Record<string, string> | undefined) : undefined
      const encoded = data?.['.dockerconfigjson'] ?? data?.['.dockercfg']
      if (encoded) found.push(Buffer.from(encoded, 'base64').toString('utf8'))
    }
    return found
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    log.warn('pull secrets not read', { namespace, code: error.code })
    return []
  }
}
