import type { HostKey } from '../../core/ssh/index.ts'

/** A key pair that the worker proves itself with at Git hosts. */
export interface DeployKeyRecord {
  id: string
  /** One line, as Git hosts take it. */
  publicKey: string
  /** `SHA256:…` */
  fingerprint: string
  /** Seed of the private half, base64url, sealed for the worker under `deployKeyBinding`. */
  sealed: string
  createdAt: number
  /** E-mail of who asked for it; `wheelhouse` = the first one. */
  createdBy: string
  /** When it first let the worker in by itself; undefined = not yet. */
  authenticatedAt: number | undefined
}

/** The key of an SSH host that is taken, and no other one. */
export interface HostKeyRecord extends HostKey {
  id: string
  pinnedAt: number
  /** E-mail of who entered it; undefined = it is the one that was seen first. */
  pinnedBy: string | undefined
}

/** The config repository as people entered it; what the environment of the processes says goes before. */
export interface ConnectionRecord {
  /** Part of what the credential is sealed for; another one with every other host. */
  id: string
  /** Without credentials. */
  url: string
  branch: string
  /** With its port, where that is not the usual one. The credential is for it alone. */
  host: string
  credential: ConnectionCredential
  savedAt: number
  /** E-mail. */
  savedBy: string
}

/** Secrets are sealed for the worker under `connectionBinding`. */
export type ConnectionCredential =
  /** The deploy key for an address of SSH, nothing for others. */
  | { kind: 'none' }
  | { kind: 'password'; username: string; sealed: string }
  | { kind: 'github-token'; sealed: string }
  /** `sealed`: the key of the App, PEM. */
  | { kind: 'github-app'; appId: string; sealed: string }

export interface RepositoryAccessStore {
  getConnection(): Promise<ConnectionRecord | undefined>
  /** In place of the one there was. */
  saveConnection(record: ConnectionRecord): Promise<void>
  removeConnection(): Promise<void>
  /** Oldest first: the one in use, then the one that is to take its place. */
  listDeployKeys(): Promise<DeployKeyRecord[]>
  saveDeployKey(record: DeployKeyRecord): Promise<void>
  noteDeployKey(id: string, authenticatedAt: number): Promise<void>
  removeDeployKey(id: string): Promise<void>
  /** By host and type. */
  listHostKeys(): Promise<HostKeyRecord[]>
  /** false = one of this host and type is pinned, and stays. */
  pinHostKey(record: HostKeyRecord): Promise<boolean>
  removeHostKey(id: string): Promise<void>
}
