import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KubeApi } from './kube-api.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { startNodes } from './nodes.ts'
import type { ProcessTable } from './process-table.ts'
import { sealedSecretsUser, startSealedSecrets } from './sealed-secrets.ts'
import type { ControlPlane, Ports, ServerPaths, WorldOptions } from './types.ts'

interface Tokens {
  admin: string
  readOnly: string
  sealedSecrets: string
}

interface ControlPlaneSite {
  directory: string
  ports: Ports
  servers: ServerPaths
  processes: ProcessTable
}

/** Starts etcd, API server, controller manager, scheduler and kwok on loopback, and waits until nodes are Ready. */
export async function startControlPlane(
  site: ControlPlaneSite,
  options: Pick<WorldOptions, 'fsync' | 'nodes' | 'auditLog'>,
): Promise<ControlPlane> {
  const { directory, ports, servers, processes } = site
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const [tokens] = await Promise.all([
    keepTokens(directory),
    keepServiceAccountKey(directory),
    startEtcd(site, options),
  ])
  const api = await startApiServer(site, options, tokens.admin)

  const ca = await readFile(certificateOf(directory))
  const origin = originOf(ports)
  const kubeconfig = adminKubeconfig(directory)
  const kubeconfigReadOnly = join(directory, 'read-only.kubeconfig')
  await writeKubeconfig(kubeconfig, { server: origin, ca, user: 'admin', token: tokens.admin })
  await writeKubeconfig(kubeconfigReadOnly, { server: origin, ca, user: 'read-only', token: tokens.readOnly })

  await Promise.all([
    allowReading(api),
    startControllerManager(site, kubeconfig, api),
    startScheduler(site, kubeconfig),
    startNodes({
      api,
      processes,
      kwok: servers.kwok,
      stages: servers.kwokStages,
      kubeconfig,
      count: options.nodes ?? 2,
    }),
  ])
  return {
    api,
    kubeconfig,
    kubeconfigReadOnly,
    startSealedSecrets: () => startSealedSecrets({ ...site, ca, token: tokens.sealedSecrets }),
  }
}

/** Where the administrator's kubeconfig appears once the API server has answered for the first time. */
export function adminKubeconfig(directory: string): string {
  return join(directory, 'admin.kubeconfig')
}

/** Random once, then the same: kubeconfigs handed out stay valid. */
async function keepTokens(directory: string): Promise<Tokens> {
  const file = join(directory, 'tokens.json')
  let tokens: Tokens
  try {
    tokens = JSON.parse(await readFile(file, 'utf8')) as Tokens
  } catch {
    const [admin = '', readOnly = '', sealedSecrets = ''] = Array.from({ length: 3 }, () =>
      randomBytes(24).toString('base64url'),
    )
    tokens = { admin, readOnly, sealedSecrets }
    await writeFile(file, JSON.stringify(tokens), { mode: 0o600 })
  }
  const { name, groups } = sealedSecretsUser
  const users = [
    `${tokens.admin},admin,admin,"system:masters"`,
    `${tokens.readOnly},read-only,read-only,"wheelhouse:read-only"`,
    // Named as the service account: what its release allows is what the controller may do, no more.
    `${tokens.sealedSecrets},${name},sealed-secrets,"${groups.join(',')}"`,
  ]
  await writeFile(join(directory, 'tokens.csv'), `${users.join('\n')}\n`, { mode: 0o600 })
  return tokens
}

async function keepServiceAccountKey(directory: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  // wx: a key that is there stays, tokens signed with it stay valid.
  await writeFile(join(directory, 'service-account.key'), privateKey, { mode: 0o600, flag: 'wx' }).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause
    },
  )
}

async function startEtcd(
  { directory, ports, servers, processes }: ControlPlaneSite,
  { fsync = true }: Pick<WorldOptions, 'fsync'>,
): Promise<void> {
  const client = `http://127.0.0.1:${ports.etcd}`
  const peer = `http://127.0.0.1:${ports.etcdPeer}`
  await processes.start({
    name: 'etcd',
    command: servers.etcd,
    args: [
      '--name=world',
      `--data-dir=${join(directory, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=world=${peer}`,
      '--log-level=warn',
      ...(fsync ? [] : ['--unsafe-no-fsync']),
    ],
    ready: async () => (await fetch(`${client}/health`)).ok,
    graceMs: 10_000,
  })
}

async function startApiServer(
  { directory, ports, servers, processes }: ControlPlaneSite,
  { auditLog = false }: Pick<WorldOptions, 'auditLog'>,
  token: string,
): Promise<KubeApi> {
  const origin = originOf(ports)
  let api: KubeApi | undefined
  const openApi = async () => (api ??= new KubeApi({ origin, ca: await readFile(certificateOf(directory)), token }))
  const key = join(directory, 'service-account.key')
  await processes.start({
    name: 'apiserver',
    command: servers.apiserver,
    args: [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${ports.apiserver}`,
      `--cert-dir=${join(directory, 'certificates')}`,
      `--token-auth-file=${join(directory, 'tokens.csv')}`,
      '--authorization-mode=RBAC',
      // A loopback address cannot be advertised as an endpoint.
      '--endpoint-reconciler-type=none',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--profiling=false',
      ...(auditLog ? await auditArguments(directory) : []),
    ],
    // It writes its certificate a moment after it started.
    ready: async () => (await (await openApi()).get('/readyz')).status === 200,
    // It would wait for open watches for up to a minute, and keeps nothing itself.
    graceMs: 2_000,
  })
  return openApi()
}

function originOf(ports: Ports): string {
  return `https://127.0.0.1:${ports.apiserver}`
}

/** The self-signed certificate with its authority, which the API server makes at its first start. */
function certificateOf(directory: string): string {
  return join(directory, 'certificates', 'apiserver.crt')
}

async function auditArguments(directory: string): Promise<string[]> {
  const policy = join(directory, 'audit-policy.json')
  const rules = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [{ level: 'Metadata' }],
  }
  await writeFile(policy, JSON.stringify(rules))
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${join(directory, '..', 'logs', 'audit.log')}`]
}

async function startControllerManager(
  { directory, servers, processes }: ControlPlaneSite,
  kubeconfig: string,
  api: KubeApi,
): Promise<void> {
  await processes.start({
    name: 'controller-manager',
    command: servers.controllerManager,
    args: [
      `--kubeconfig=${kubeconfig}`,
      // nodeipam needs a pod network. Node lifecycle stays: it lifts the not-ready taint of new nodes.
      '--controllers=*,-node-ipam-controller,-nodeipam',
      `--service-account-private-key-file=${join(directory, 'service-account.key')}`,
      `--root-ca-file=${certificateOf(directory)}`,
      '--use-service-account-credentials=true',
      '--leader-elect=false',
      '--secure-port=0',
      '--bind-address=127.0.0.1',
    ],
    // Pods need a service account, which it makes.
    ready: async () => (await api.get('/api/v1/namespaces/default/serviceaccounts/default')).status === 200,
    graceMs: 3_000,
  })
}

async function startScheduler({ servers, processes }: ControlPlaneSite, kubeconfig: string): Promise<void> {
  await processes.start({
    name: 'scheduler',
    command: servers.scheduler,
    args: [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0', '--bind-address=127.0.0.1'],
    ready: async () => true,
    graceMs: 3_000,
  })
}

/** What the product gets when it only observes. */
async function allowReading(api: KubeApi): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  const metadata = { name: 'wheelhouse-read-only' }
  const verbs = ['get', 'list', 'watch']
  await api.ensure(`${rbac}/clusterroles`, {
    metadata,
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ],
  } as { metadata: { name: string } })
  await api.ensure(`${rbac}/clusterrolebindings`, {
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'wheelhouse:read-only' }],
  } as { metadata: { name: string } })
}
