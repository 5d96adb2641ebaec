import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { ProcessTable } from './world/process-table.ts'

const root = resolve(import.meta.dirname, '..')

/** What the product writes once its pages can be opened. */
export const Bootstrap = z.object({
  web: z.string(),
  token: z.string(),
  logins: z.object({ admin: z.string(), deployer: z.string(), approver: z.string() }),
  database: z.string(),
  /** Its own processes (web, worker, database), where it tells. */
  pids: z.record(z.string(), z.number()).optional(),
})
export type Bootstrap = z.infer<typeof Bootstrap>

export interface ProductOptions {
  processes: ProcessTable
  /** Where it keeps its database and keys. */
  dataDir: string
  port: number
  repository: { plainUrl: string; branch: string }
  /** Path of a file that may not be there yet. */
  kubeconfig: string
  /** Path of a program that may not be there yet. */
  helm: string
  /** host:port of registries spoken to over plain HTTP. */
  insecureRegistries: string[]
  hookSecret: string
  /** More variables for its environment. */
  env?: Record<string, string>
}

/** Starts Wheelhouse itself, web and worker, and waits until its pages answer. */
export async function startProduct(options: ProductOptions): Promise<Bootstrap> {
  const { processes, dataDir, port } = options
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'bootstrap.json')
  // The demo's registry asks nobody for a name; naming it here is what allows promotions to tag in it.
  const pushConfig = join(dataDir, 'push.json')
  const auths = Object.fromEntries(options.insecureRegistries.map((host) => [host, {}]))
  await writeFile(pushConfig, JSON.stringify({ auths }), { mode: 0o600 })
  await rm(file, { force: true })
  const readBootstrap = async () => Bootstrap.parse(JSON.parse(await readFile(file, 'utf8')))
  await processes.start({
    name: 'product',
    command: process.execPath,
    args: [join(root, 'lib/wiring/start.ts')],
    cwd: root,
    env: {
      ...inherited(),
      WHEELHOUSE_DATA: dataDir,
      PORT: String(port),
      WHEELHOUSE_REPOSITORY: options.repository.plainUrl,
      WHEELHOUSE_BRANCH: options.repository.branch,
      WHEELHOUSE_KUBECONFIG: options.kubeconfig,
      WHEELHOUSE_HELM: options.helm,
      WHEELHOUSE_MODE: 'act',
      WHEELHOUSE_INSECURE_REGISTRIES: options.insecureRegistries.join(','),
      WHEELHOUSE_HOOK_SECRET: options.hookSecret,
      WHEELHOUSE_PUSH_CONFIG: pushConfig,
      WHEELHOUSE_BOOTSTRAP: file,
      // An issuer, or a receiver of notifications, to try on this machine.
      WHEELHOUSE_INSIDE_HOSTS: '127.0.0.1,localhost',
      ...options.env,
    },
    ready: async () => {
      const { web } = await readBootstrap()
      const answer = await fetch(web, { redirect: 'manual' })
      await answer.body?.cancel()
      return answer.status < 500
    },
    // The first start builds the pages.
    readyTimeoutMs: 10 * 60_000,
    graceMs: 20_000,
  })
  return readBootstrap()
}

/** A secret of the demo's own servers, such as they send with their notifications: random once, then the same. */
export async function keepSecret(dataDir: string, name: string): Promise<string> {
  const file = join(dataDir, name)
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known) return known
  const secret = randomBytes(24).toString('base64url')
  await writeFile(file, secret, { mode: 0o600 })
  return secret
}

function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith('WHEELHOUSE_')))
}
