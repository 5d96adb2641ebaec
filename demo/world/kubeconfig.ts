import { rename, writeFile } from 'node:fs/promises'

export interface KubeconfigInput {
  server: string
  ca: Buffer
  user: string
  token: string
}

/** Writes a kubeconfig (JSON is YAML) with mode 0600, whole or not at all: others wait for the file to appear. */
export async function writeKubeconfig(path: string, input: KubeconfigInput): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'world',
    contexts: [{ name: 'world', context: { cluster: 'world', user: input.user } }],
    clusters: [
      { name: 'world', cluster: { server: input.server, 'certificate-authority-data': input.ca.toString('base64') } },
    ],
    users: [{ name: input.user, user: { token: input.token } }],
  }
  await writeFile(`${path}.new`, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}
