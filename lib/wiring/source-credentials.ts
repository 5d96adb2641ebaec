import { credentialsForHost, type RegistryCredentials } from '#lib/adapters/oci-registry/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { SecretName } from '#lib/core/release/types.ts'
import type { Cluster } from '#lib/ports/cluster.ts'

/**
 * Credentials out of the Secret that a chart source names: its `username` and `password`, or a docker config's entry for the
 * host. A Secret that is not there, or holds neither, is a Fault that passes once somebody corrects it: without them the
 * source would only say that it refuses us.
 */
export async function sourceCredentials(
  cluster: Pick<Cluster, 'get'>,
  { namespace, name }: SecretName,
  host: string,
): Promise<RegistryCredentials> {
  const secret = await cluster.get({ apiVersion: 'v1', kind: 'Secret', namespace, name })
  if (!secret) throw missing(`Secret ${namespace}/${name} of the chart's source is not there.`)
  const data = (secret.data ?? {}) as Record<string, string>
  const text = (key: string) => data[key] && Buffer.from(data[key], 'base64').toString('utf8')
  const [username, password] = [text('username'), text('password')]
  if (username && password) return { username, password }
  const config = text('.dockerconfigjson') ?? text('.dockercfg')
  const found = config && credentialsForHost(config, host)
  if (found) return found
  throw missing(`Secret ${namespace}/${name} of the chart's source has no credentials for ${host}.`)
}

function missing(message: string): Fault {
  return new Fault('chart-unavailable', message, {
    retryable: true,
    suggestion: 'Give it username and password, or a .dockerconfigjson; or correct secretRef.',
  })
}
