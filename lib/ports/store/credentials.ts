/** Credentials that people entered, sealed for the worker. Whoever reads the database cannot use them. */
export interface RegistryCredentialRecord {
  id: string
  /** Canonical: `index.docker.io`, `registry.example.com:5000`. */
  host: string
  /** Repository, or prefix of repositories by whole parts; empty = the whole host. */
  path: string
  purpose: 'pull' | 'push'
  username: string
  /** Password, sealed for the worker under `credentialBinding`. */
  sealed: string
  createdAt: number
  /** E-mail of who entered it. */
  createdBy: string
}

export interface CredentialStore {
  listRegistryCredentials(): Promise<RegistryCredentialRecord[]>
  /** In place of the one there was for this purpose, host and path. */
  saveRegistryCredential(record: RegistryCredentialRecord): Promise<void>
  removeRegistryCredential(id: string): Promise<void>
}
