import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deathLeash } from './process-table.ts'
import type { ProcessTable } from './process-table.ts'
import type { Ports, ServerPaths } from './types.ts'

const namespace = 'adm'
const serviceAccount = 'sealed-secrets'

export const sealedSecretsUser = {
  name: `system:serviceaccount:${namespace}:${serviceAccount}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
}

/**
 * The real controller, beside the pod that kwok only pretends to run. It knows nothing but in-cluster configuration,
 * so it gets the fixed service account path in a mount namespace of its own (Linux; root, or user namespaces allowed).
 * The namespace `adm`, the custom resource definition and the service account's rights must exist already.
 */
export async function startSealedSecrets(input: {
  directory: string
  ports: Ports
  servers: Pick<ServerPaths, 'sealedSecrets'>
  processes: ProcessTable
  ca: Buffer
  token: string
}): Promise<{ certificateUrl: string }> {
  const account = join(input.directory, 'sealed-secrets-account')
  await mkdir(account, { recursive: true, mode: 0o700 })
  const files = { 'ca.crt': input.ca, token: input.token, namespace }
  for (const [name, content] of Object.entries(files)) await writeFile(join(account, name), content, { mode: 0o600 })

  const certificateUrl = `http://127.0.0.1:${input.ports.sealedSecrets}/v1/cert.pem`
  const isRoot = process.getuid?.() === 0
  // The leash comes last: gaining rights in a new user namespace would undo it.
  const script =
    'mount -t tmpfs tmpfs /var/run && mkdir -p /var/run/secrets/kubernetes.io && ' +
    'cp -r "$0" /var/run/secrets/kubernetes.io/serviceaccount && exec "$@"'
  await input.processes.start({
    name: 'sealed-secrets',
    command: 'unshare',
    args: [
      ...(isRoot ? [] : ['--map-root-user']),
      '--mount',
      'sh',
      '-c',
      script,
      account,
      ...deathLeash(),
      input.servers.sealedSecrets,
      `--listen-addr=127.0.0.1:${input.ports.sealedSecrets}`,
      `--listen-metrics-addr=127.0.0.1:${input.ports.sealedSecretsMetrics}`,
    ],
    env: {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(input.ports.apiserver),
      POD_NAMESPACE: namespace,
    },
    leashesItself: true,
    ready: async () => (await fetch(certificateUrl)).ok,
    graceMs: 3_000,
  })
  return { certificateUrl }
}
