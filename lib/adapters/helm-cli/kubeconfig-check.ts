import { readFile, stat } from 'node:fs/promises'
import { parse } from 'yaml'
import { Fault } from '#lib/core/fault/index.ts'

/** Resolves when Helm may be started with this kubeconfig; throws the Fault that says why not. */
export type KubeconfigCheck = () => Promise<void>

/**
 * Helm would run any program a kubeconfig names, so those with `exec` or `auth-provider` are refused. A file that does
 * not exist yet is a retryable `cluster-unreachable`: nothing was attempted.
 */
export function createKubeconfigCheck(path: string, allowPlugins: boolean): KubeconfigCheck {
  let checked = ''
  return async () => {
    const seen = await stat(path).catch(() => undefined)
    if (seen === undefined) {
      throw new Fault('cluster-unreachable', `Waiting for the kubeconfig ${path} to be written`, { retryable: true })
    }
    const stamp = `${seen.ino}:${seen.mtimeMs}:${seen.size}`
    if (allowPlugins || stamp === checked) return
    const plugin = pluginIn(await readFile(path, 'utf8'))
    if (plugin !== undefined) {
      throw new Fault('cluster-refused', `The kubeconfig wants to start a program (${plugin}) to sign in`, {
        suggestion: 'Use a service account token or a client certificate, or allow kubeconfig plug-ins explicitly.',
      })
    }
    checked = stamp
  }
}

function pluginIn(text: string): string | undefined {
  let config: { users?: { user?: Record<string, unknown> | null }[] } | null
  try {
    config = parse(text)
  } catch {
    // The parser's message quotes the file, which holds credentials.
    throw new Fault('cluster-unreachable', 'The kubeconfig is not valid YAML', { retryable: true })
  }
  const users = Array.isArray(config?.users) ? config.users : []
  return users
    .flatMap((entry) => Object.keys(entry?.user ?? {}))
    .find((field) => field === 'exec' || field === 'auth-provider')
}
