import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushImage } from '#demo/world/push-image.ts'
import { startWorld } from '#demo/world/start-world.ts'
import type { World, WorldOptions } from '#demo/world/types.ts'
import { waitUntil } from '#demo/world/wait-until.ts'

const run = promisify(execFile)
const sealedSecretsChart = resolve(import.meta.dirname, '../../demo/repository/charts/sealed-secrets')
const registryAuth = { username: 'ci', password: 'correct horse' }

interface Delivery {
  path: string
  authorization: string | undefined
  body: { ref?: string; after?: string; events?: { action: string; target: { repository: string; tag?: string } }[] }
}

/** Keeps every webhook it gets. */
class HookReceiver {
  readonly deliveries: Delivery[] = []
  readonly server: Server = createServer((request, response) => {
    void this.#receive(request).then(() => response.writeHead(202).end())
  })

  async #receive(request: IncomingMessage): Promise<void> {
    let text = ''
    for await (const part of request.setEncoding('utf8')) text += part
    const { authorization } = request.headers
    this.deliveries.push({ path: request.url ?? '', authorization, body: JSON.parse(text) as Delivery['body'] })
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }
}

/** Process ids that still run, zombies left out. */
function alive(pids: number[]): number[] {
  return pids.filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
    } catch {
      return false
    }
  })
}

function pidsOf(world: Pick<World, 'processes'>): number[] {
  return Object.values(world.processes).map(({ pid }) => pid)
}

describe('a world of real servers', () => {
  const hooks = new HookReceiver()
  let scratch: string
  let options: WorldOptions
  let world: World
  const helm = (...args: string[]) => run(world.helmPath, ['--kubeconfig', world.kubeconfig, ...args])

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'world-test-'))
    const origin = await hooks.listen()
    options = {
      dataDir: join(scratch, 'data'),
      fsync: false,
      registryAuth,
      webhooks: {
        registry: [{ url: `${origin}/registry`, bearer: 'hook-secret' }],
        git: [{ url: `${origin}/git`, bearer: 'hook-secret' }],
      },
    }
    world = await startWorld(options)
  })

  afterAll(async () => {
    await world?.stop()
    hooks.server.close()
    await rm(scratch, { recursive: true, force: true })
  })

  it('lets helm install a chart whose pod becomes ready', async () => {
    const chart = join(scratch, 'tiny')
    await mkdir(join(chart, 'templates'), { recursive: true })
    await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: tiny\nversion: 0.1.0\n')
    const pod = { image: 'example.invalid/tiny:1', name: 'tiny' }
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tiny' }, spec: { containers: [pod] } }
    await writeFile(join(chart, 'templates', 'pod.yaml'), JSON.stringify(object))

    const { stdout } = await helm('install', 'tiny', chart, '--wait', '--timeout', '60s')

    expect(stdout).toContain('STATUS: deployed')
    const { body } = await world.api.get('/api/v1/namespaces/default/pods/tiny')
    expect(body).toMatchObject({ status: { phase: 'Running' } })
  })

  it('serves charts from the Helm repository and the registry', async () => {
    const { registry, chartRepository } = world
    const http = await helm('show', 'chart', 'openfaas', '--repo', chartRepository.url)
    const login = ['--plain-http', '--username', registryAuth.username, '--password', registryAuth.password]
    const oci = await helm('show', 'chart', `oci://${registry.host}/charts/redis`, ...login)

    expect(http.stdout).toContain('version: 1.3.3')
    expect(oci.stdout).toContain('name: redis')
  })

  it('lists an image pushed with a password, refuses one without, and notifies', async () => {
    const { host } = world.registry
    const image = { registry: host, repository: 'team/app', tag: 'dev-1', platforms: ['linux/arm64', 'linux/amd64'] }
    await expect(pushImage(image)).rejects.toThrow('401')

    const pushed = await pushImage({ ...image, auth: registryAuth })

    const authorization = `Basic ${Buffer.from('ci:correct horse').toString('base64')}`
    const answer = await fetch(`http://${host}/v2/team/app/tags/list`, { headers: { authorization } })
    expect(await answer.json()).toEqual({ name: 'team/app', tags: ['dev-1'] })
    expect(pushed.reference).toBe(`${host}/team/app:dev-1`)
    const delivery = await waitUntil('the registry notifies', () =>
      hooks.deliveries.find(({ path, body }) => path === '/registry' && body.events?.[0]?.target.tag === 'dev-1'),
    )
    expect(delivery.authorization).toBe('Bearer hook-secret')
  })

  it('accepts a push over HTTP, shows it on disk and notifies', async () => {
    const clone = join(scratch, 'clone')
    const git = (...args: string[]) =>
      run('git', ['-C', clone, '-c', 'user.name=t', '-c', 'user.email=t@t.invalid', ...args])
    await run('git', ['init', '--quiet', '--initial-branch=master', clone])
    // Large enough to be sent in chunks, compressed.
    await writeFile(join(clone, 'big'), 'line of text\n'.repeat(300_000))
    await git('add', '.')
    await git('commit', '--quiet', '--message', 'First')
    await git('push', '--quiet', world.git.url, 'HEAD:refs/heads/master')

    const { stdout } = await run('git', ['--git-dir', world.git.barePath, 'rev-parse', 'master'])
    const delivery = await waitUntil('the Git server notifies', () =>
      hooks.deliveries.find(({ path }) => path === '/git'),
    )
    expect(delivery.body).toEqual({
      repository: 'config.git',
      ref: 'refs/heads/master',
      before: '0'.repeat(40),
      after: stdout.trim(),
    })
  })

  it('opens a sealed secret with the real controller', async () => {
    const chart = join(scratch, 'sealed-secrets')
    await cp(sealedSecretsChart, chart, { recursive: true })
    await helm('install', 'sealed-secrets', chart, '--namespace', 'adm', '--create-namespace')
    const { certificateUrl } = await world.startSealedSecrets()
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      data: { k: 'dg==' },
    }
    const kubeseal = run(world.kubesealPath, ['--cert', certificateUrl, '--format', 'json'])
    kubeseal.child.stdin?.end(JSON.stringify(secret))
    const sealed = JSON.parse((await kubeseal).stdout) as { metadata: { name: string } }

    await world.api.ensure('/apis/bitnami.com/v1alpha1/namespaces/default/sealedsecrets', sealed)

    const opened = await waitUntil('the secret is opened', async () => {
      const { status, body } = await world.api.get('/api/v1/namespaces/default/secrets/s')
      return status === 200 && body
    })
    expect(opened).toMatchObject({ data: { k: 'dg==' } })
  })

  it('reads everything and writes nothing with the read-only kubeconfig', async () => {
    const config = JSON.parse(await readFile(world.kubeconfigReadOnly, 'utf8')) as {
      users: { user: { token: string } }[]
    }
    expect(config.users[0]?.user.token).toBeTruthy()
    const readOnly = (...args: string[]) => run(world.helmPath, ['--kubeconfig', world.kubeconfigReadOnly, ...args])

    expect((await readOnly('status', 'tiny')).stdout).toContain('STATUS: deployed')
    await expect(readOnly('upgrade', 'tiny', join(scratch, 'tiny'))).rejects.toThrow('forbidden')
  })

  it('refuses a second world in the same directory', async () => {
    await expect(startWorld(options)).rejects.toThrow(`is in use by the world of process ${process.pid}`)
  })

  it('names the port that another program has', async () => {
    const port = Number(world.registry.host.split(':')[1])
    const other = { dataDir: join(scratch, 'other'), ports: { registry: port } }
    await expect(startWorld(other)).rejects.toThrow(`Port ${port} of the registry server is taken`)
  })

  it('comes back after its API server was killed, and after a pause', async () => {
    await world.kill('apiserver')
    await expect(world.api.get('/readyz')).rejects.toThrow('ECONNREFUSED')
    await world.restart('apiserver')
    expect((await world.api.get('/readyz')).status).toBe(200)

    world.suspend('git')
    const asked = fetch(`${world.git.url}/info/refs?service=git-upload-pack`)
    world.resume('git')
    expect((await asked).ok).toBe(true)
  })

  it('stops every process and keeps everything for the next start', async () => {
    const { registry, git } = world
    const pids = pidsOf(world)
    expect(Object.keys(world.processes)).toHaveLength(9)

    await world.stop()
    expect(alive(pids)).toEqual([])
    world = await startWorld(options)

    expect([world.registry.host, world.git.url]).toEqual([registry.host, git.url])
    expect((await helm('status', 'tiny')).stdout).toContain('REVISION: 1')
    const authorization = `Basic ${Buffer.from('ci:correct horse').toString('base64')}`
    const tags = await fetch(`http://${registry.host}/v2/team/app/tags/list`, { headers: { authorization } })
    expect(await tags.json()).toMatchObject({ tags: ['dev-1'] })
    expect((await run('git', ['ls-remote', git.url, 'master'])).stdout).toContain('refs/heads/master')
  })

  it('leaves no process when its owner is killed', async () => {
    const program = join(scratch, 'owner.ts')
    const startWorldFile = resolve(import.meta.dirname, '../../demo/world/start-world.ts')
    await writeFile(
      program,
      `import { startWorld } from ${JSON.stringify(startWorldFile)}
const world = await startWorld({ dataDir: ${JSON.stringify(join(scratch, 'owned'))}, fsync: false })
console.log(JSON.stringify(Object.values(world.processes).map(({ pid }) => pid)))
setInterval(() => {}, 1000)`,
    )
    const owner = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(owner.stdout, 'data')) as [Buffer]
    const pids = JSON.parse(line.toString()) as number[]
    expect(alive(pids)).toHaveLength(8)

    owner.kill('SIGKILL')

    await waitUntil('the servers are gone', () => alive(pids).length === 0, { timeoutMs: 10_000 })
  })
})
