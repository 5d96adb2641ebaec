import type { KubeApi } from './kube-api.ts'
import type { ProcessName } from './process-table.ts'

/** Takes one line of progress for people. */
export type Report = (line: string) => void

/** Absolute paths of the built programs. */
export interface ServerPaths {
  registry: string
  helm: string
  etcd: string
  apiserver: string
  controllerManager: string
  scheduler: string
  kwok: string
  sealedSecrets: string
  kubeseal: string
  /** kwok's stages, in the order in which it is given them. */
  kwokStages: string[]
}

export const portNames = [
  'registry',
  'git',
  'charts',
  'apiserver',
  'etcd',
  'etcdPeer',
  'sealedSecrets',
  'sealedSecretsMetrics',
] as const
export type PortName = (typeof portNames)[number]
export type Ports = Record<PortName, number>

export interface WebhookTarget {
  url: string
  /** Sent as `Authorization: Bearer …`. */
  bearer?: string
}

/** Who may call the GitHub test server, and where it sends its webhooks. */
export interface GitHubWorld {
  /** Of the product. */
  token: string
  /** Of whoever else clones and pushes. */
  personToken: string
  hooks: { url: string; secret: string }[]
}

export interface WorldOptions {
  /** Everything the world keeps is below it. One world at a time uses it. */
  dataDir: string
  /** Ports to insist on; the others are free ones, the same at every start. */
  ports?: Partial<Ports>
  /** Whether etcd waits for the disk. Default true; false only where losing the last second is fine. */
  fsync?: boolean
  /** Simulated nodes; default 2. */
  nodes?: number
  /** Basic authentication of the registry; absent = open to everyone on this machine. */
  registryAuth?: { username: string; password: string }
  /** The Git server is a GitHub then, with its API. */
  github?: GitHubWorld
  webhooks?: { registry?: WebhookTarget[]; git?: WebhookTarget[] }
  /** Whether the API server writes `logs/audit.log` (one JSON line per request). Default false. */
  auditLog?: boolean
  log?: Report
}

export interface RegistryAddress {
  /** host:port, plain HTTP. */
  host: string
  auth?: { username: string; password: string }
}

export interface GitAddress {
  /** The config repository, to clone and push; with a token in it where the server asks for one. */
  url: string
  /** The same without a token. */
  plainUrl: string
  /** The same repository on disk, bare. */
  barePath: string
  branch: string
}

/** What needs no control plane: registry, Git server, chart repository. */
export interface Outskirts {
  registry: RegistryAddress
  git: GitAddress
  chartRepository: { url: string; directory: string }
}

export interface ControlPlane {
  /** Calls with the administrator's rights. */
  api: KubeApi
  /** Kubeconfig of a cluster administrator. */
  kubeconfig: string
  /** Kubeconfig that may read everything, Secrets included, and write nothing. */
  kubeconfigReadOnly: string
  /** Starts the real Sealed Secrets controller with the rights of service account `adm/sealed-secrets`. */
  startSealedSecrets(): Promise<{ certificateUrl: string }>
}

export interface Harness {
  readonly processes: Readonly<Record<string, { pid: number }>>
  /** Sends a signal and, when it is deadly, waits for the end. */
  kill(name: ProcessName, signal?: NodeJS.Signals): Promise<void>
  suspend(name: ProcessName): void
  resume(name: ProcessName): void
  /** Ends the process if it runs, starts it with the same arguments, waits until it answers. */
  restart(name: ProcessName): Promise<void>
  /** Ends all in an order that loses nothing, and waits for their end. */
  stop(): Promise<void>
}

export interface World extends Outskirts, ControlPlane, Harness {
  helmPath: string
  kubesealPath: string
  /** `kubectl` of this machine, where there is one. */
  kubectl: string | undefined
}
