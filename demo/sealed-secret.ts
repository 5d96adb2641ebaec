import { execFile } from 'node:child_process'
import { addFiles } from './seed-repository.ts'
import type { KubeApi } from './world/kube-api.ts'
import type { World } from './world/types.ts'
import { waitUntil } from './world/wait-until.ts'

const deployment = '/apis/apps/v1/namespaces/adm/deployments/sealed-secrets'
const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/sealedsecrets.bitnami.com'

/**
 * Once the release adm/sealed-secrets is in the cluster, starts the controller that its pod stands for, seals the
 * article's `basic-auth` with the controller's own key and commits it, with the certificate, unless it was before.
 */
export async function commitSealedSecret(
  world: World,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  await waitUntil(
    'the release adm/sealed-secrets is deployed',
    async () => (await exists(world.api, deployment)) && (await exists(world.api, definition)),
    { ...options, everyMs: 250 },
  )
  const { certificateUrl } = await world.startSealedSecrets()
  const certificate = await (await fetch(certificateUrl)).text()
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'basic-auth', namespace: 'dev' },
    stringData: { user: 'admin', password: 'admin' },
  }
  const sealed = await seal(world.kubesealPath, certificateUrl, JSON.stringify(secret))
  await addFiles(world.git, 'Add basic auth credentials to dev namespace', {
    'releases/dev/basic-auth.yaml': sealed.replace(/^---\n/, ''),
    'pub-cert.pem': certificate,
  })
}

/** Whether the controller has opened the secret. */
export async function isUnsealed(api: KubeApi): Promise<boolean> {
  return exists(api, '/api/v1/namespaces/dev/secrets/basic-auth')
}

async function exists(api: KubeApi, path: string): Promise<boolean> {
  return (await api.get(path)).status === 200
}

function seal(kubeseal: string, certificateUrl: string, secret: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(kubeseal, ['--cert', certificateUrl, '--format', 'yaml'], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    )
    child.stdin?.end(secret)
  })
}
