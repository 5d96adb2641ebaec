import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProcessTable } from './process-table.ts'
import type { RegistryAddress, WebhookTarget } from './types.ts'
import { WorldProblem } from './world-problem.ts'

/** Starts the distribution registry on loopback, with its notifications sent to `webhooks`. */
export async function startRegistry(input: {
  directory: string
  address: RegistryAddress
  program: Promise<string> | string
  processes: ProcessTable
  webhooks: WebhookTarget[]
}): Promise<void> {
  const { directory } = input
  const { host, auth } = input.address
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'config.yml')
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(directory, 'data') },
      delete: { enabled: true },
      cache: { blobdescriptor: 'inmemory' },
    },
    http: { addr: host, secret: await keepSecret(directory), draintimeout: '1s' },
    auth: auth ? { htpasswd: { realm: 'world', path: await writePasswords(directory, auth) } } : undefined,
    notifications: { endpoints: input.webhooks.map(toEndpoint) },
  }
  await writeFile(file, JSON.stringify(config, undefined, 2), { mode: 0o600 })
  await input.processes.start({
    name: 'registry',
    command: await input.program,
    args: ['serve', file],
    env: { OTEL_TRACES_EXPORTER: 'none' },
    ready: async () => [200, 401].includes((await fetch(`http://${host}/v2/`)).status),
    graceMs: 3_000,
  })
}

function toEndpoint({ url, bearer }: WebhookTarget, index: number): unknown {
  return {
    name: `webhook-${index + 1}`,
    url,
    headers: bearer ? { Authorization: [`Bearer ${bearer}`] } : {},
    timeout: '5s',
    threshold: 3,
    backoff: '1s',
    ignore: { actions: ['pull', 'mount'], mediatypes: ['application/octet-stream'] },
  }
}

async function keepSecret(directory: string): Promise<string> {
  const file = join(directory, 'secret')
  const known = await readFile(file, 'utf8').catch(() => '')
  if (known) return known
  const secret = randomBytes(24).toString('base64url')
  await writeFile(file, secret, { mode: 0o600 })
  return secret
}

/** The registry wants bcrypt; perl (which git depends on) has the C library's crypt. */
async function writePasswords(directory: string, auth: { username: string; password: string }): Promise<string> {
  const salt = randomBytes(32)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 21)
  const script = 'my ($salt) = @ARGV; my $word = <STDIN>; print crypt($word, $salt)'
  const { stdout } = spawnSync('perl', ['-e', script, `$2y$05$${salt}u`], { input: auth.password, encoding: 'utf8' })
  if (!stdout?.startsWith('$2y$'))
    throw new WorldProblem('A registry with a password needs perl with bcrypt in its crypt(3).')
  const file = join(directory, 'htpasswd')
  await writeFile(file, `${auth.username}:${stdout}\n`, { mode: 0o600 })
  return file
}
