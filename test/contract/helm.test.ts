import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld } from '#demo/world/start-world.ts'
import type { World } from '#demo/world/types.ts'
import { createHelm, isAlive } from '#lib/adapters/helm-cli/index.ts'
import type { HelmOptions } from '#lib/adapters/helm-cli/index.ts'
import type { ClosableCluster } from '#lib/adapters/kubernetes/index.ts'
import { createCluster } from '#lib/adapters/kubernetes/index.ts'
import { hangingTemplates, templates, writeChart } from '../fixtures/contract-charts.ts'
import type { ChildIdentity, HelmHooks, HelmRequest } from '#lib/ports/helm.ts'
import type { Log } from '#lib/ports/log.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent }
const unwatched: HelmHooks = { onStart: async () => {} }
const run = promisify(execFile)

let directory: string
let workDir: string
let world: World
let cluster: ClosableCluster
let helm: ReturnType<typeof createHelm>
let chart: string
let hangingChart: string

function optionsFor(change: Partial<HelmOptions> = {}): HelmOptions {
  return {
    binary: world.helmPath,
    kubeconfigPath: world.kubeconfig,
    workDir,
    log: silent,
    redact: (text) => text.replaceAll('hunter2', '***'),
    ...change,
  }
}

function requestFor(releaseName: string, change: Partial<HelmRequest> = {}): HelmRequest {
  return {
    releaseName,
    namespace: 'default',
    storageNamespace: 'default',
    chart,
    values: { image: 'podinfo:1' },
    timeoutMs: 60_000,
    wait: false,
    maxHistory: 5,
    labels: {},
    description: '',
    force: false,
    skipCrds: false,
    disableOpenApiValidation: false,
    disableHooks: false,
    resetValues: true,
    takeOwnership: false,
    postRenderers: [],
    ...change,
  }
}

async function bareHelm(...args: string[]): Promise<string> {
  const { stdout } = await run(world.helmPath, args, { env: { ...process.env, KUBECONFIG: world.kubeconfig } })
  return stdout
}

/** `version:status` of each stored revision, oldest first. */
async function revisions(releaseName: string): Promise<string[]> {
  const found = await cluster.listMetadata(
    { apiVersion: 'v1', kind: 'Secret' },
    { namespace: 'default', labelSelector: `owner=helm,name=${releaseName}` },
  )
  return found
    .map(({ metadata }) => `${metadata.labels?.['version']}:${metadata.labels?.['status']}`)
    .sort((a, b) => Number.parseInt(a) - Number.parseInt(b))
}

/** Resolves when the API server has the object. */
async function appearance(kind: string, name: string): Promise<void> {
  const seen = Promise.withResolvers<void>()
  const watch = cluster.watch({
    apiVersion: 'v1',
    kind,
    namespace: 'default',
    fieldSelector: `metadata.name=${name}`,
    metadataOnly: true,
    onEvent: (event) => void (event.kind === 'set' && seen.resolve()),
  })
  await seen.promise
  watch.stop()
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'helm-contract-'))
  workDir = join(directory, 'work')
  world = await startWorld({ dataDir: join(directory, 'world'), fsync: false, nodes: 1 })
  const clock = { now: () => Date.now() }
  cluster = createCluster({ kubeconfigPath: world.kubeconfig, log: silent, random: Math.random, clock })
  helm = createHelm(optionsFor())
  chart = await writeChart(directory, 'podinfo', templates)
  hangingChart = await writeChart(directory, 'hanging', hangingTemplates)
}, 900_000)

afterAll(async () => {
  await helm?.close()
  cluster?.close()
  await world?.stop()
  await rm(directory, { recursive: true, force: true })
}, 120_000)

describe('install and upgrade', () => {
  it('stores labels and description with the revision', async () => {
    const labels = { 'wheelhouse.dev/operation': 'op_01', 'wheelhouse.dev/commit': 'abc123' }
    const request = requestFor('labelled', { labels, description: 'commit abc123: "image", replicas = 2 -- by ann' })
    expect(await helm.install(request, unwatched)).toMatchObject({ kind: 'succeeded' })
    const secret = await cluster.get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'default',
      name: 'sh.helm.release.v1.labelled.v1',
    })
    expect(secret?.metadata.labels).toMatchObject(labels)
    const [entry] = JSON.parse(await bareHelm('history', 'labelled', '-o', 'json')) as { description: string }[]
    expect(entry?.description).toBe('commit abc123: "image", replicas = 2 -- by ann')
  })

  it('renders beforehand exactly what helm get manifest shows afterwards, for install and for upgrade', async () => {
    for (const image of ['podinfo:1', 'podinfo:2']) {
      const request = requestFor('predicted', { values: { image } })
      const render = await helm.render(request)
      const change = image === 'podinfo:1' ? helm.install(request, unwatched) : helm.upgrade(request, unwatched)
      expect(await change).toMatchObject({ kind: 'succeeded' })
      const stored = await bareHelm('get', 'manifest', 'predicted')
      expect(render).toMatchObject({ kind: 'rendered', manifest: stored.slice(0, -1) })
    }
    expect(await revisions('predicted')).toEqual(['1:superseded', '2:deployed'])
  })

  it('rendering changes nothing and needs no right to write', async () => {
    const reader = createHelm(optionsFor({ kubeconfigPath: world.kubeconfigReadOnly }))
    expect(await reader.render(requestFor('only-looked-at'))).toMatchObject({ kind: 'rendered' })
    expect(await revisions('only-looked-at')).toEqual([])
  })

  it('forgets values of the last revision, and keeps them only where none are given and none are to be reset', async () => {
    await helm.install(requestFor('values', { values: { image: 'a', port: 81 } }), unwatched)
    await helm.upgrade(requestFor('values', { values: { image: 'b' }, resetValues: false }), unwatched)
    expect(parse(await bareHelm('get', 'values', 'values', '-o', 'yaml'))).toEqual({ image: 'b' })
    await helm.upgrade(requestFor('values', { values: {}, resetValues: false }), unwatched)
    expect(parse(await bareHelm('get', 'values', 'values', '-o', 'yaml'))).toEqual({ image: 'b' })
    await helm.upgrade(requestFor('values', { values: {} }), unwatched)
    expect(parse(await bareHelm('get', 'values', 'values', '-o', 'yaml'))).toBeNull()
  })

  it('leaves a failed install as revision 1, says why, and rolls forward over it', async () => {
    expect(await helm.install(requestFor('mended', { values: { port: 99_999 } }), unwatched)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('must be between 1 and 65535'),
    })
    expect(await revisions('mended')).toEqual(['1:failed'])
    expect(await helm.install(requestFor('mended', { values: { port: 80 } }), unwatched)).toMatchObject({
      kind: 'succeeded',
    })
    expect(await revisions('mended')).toEqual(['1:superseded', '2:deployed'])
  })

  it('does not install anew what should be upgraded', async () => {
    expect(await helm.upgrade(requestFor('vanished'), unwatched)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('has no deployed releases'),
    })
  })

  it('replaces objects by force', async () => {
    await helm.install(requestFor('forced'), unwatched)
    const request = requestFor('forced', { force: true, values: { image: 'x' } })
    expect(await helm.upgrade(request, unwatched)).toMatchObject({ kind: 'succeeded' })
  })

  it('takes over objects only when told to', async () => {
    await cluster.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owned', namespace: 'default' } },
      { fieldManager: 'kubectl', force: false },
    )
    expect(await helm.install(requestFor('owned'), unwatched)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('cannot be imported'),
    })
    expect(await helm.install(requestFor('owned', { takeOwnership: true }), unwatched)).toMatchObject({
      kind: 'succeeded',
    })
  })
})

describe('records in another namespace than the objects', () => {
  const split = { namespace: 'apps', storageNamespace: 'default' }

  it('follows a release through its life, as helm-controller keeps it', async () => {
    await cluster.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } },
      { fieldManager: 'contract', force: false },
    )
    const both = createHelm(optionsFor({ reach: () => cluster.reach() }))
    const request = requestFor('split', split)
    expect(await both.install(request, unwatched)).toMatchObject({ kind: 'succeeded' })
    const render = await both.render({ ...request, values: { image: 'podinfo:2' } })
    expect(await both.upgrade({ ...request, values: { image: 'podinfo:2' } }, unwatched)).toMatchObject({
      kind: 'succeeded',
    })
    expect(await revisions('split')).toEqual(['1:superseded', '2:deployed'])
    expect(render).toMatchObject({
      kind: 'rendered',
      manifest: (await bareHelm('get', 'manifest', 'split')).slice(0, -1),
    })
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'apps', name: 'split' }
    expect((await cluster.get(ref))?.['data']).toMatchObject({ image: 'podinfo:2', found: 'apps' })
    expect(await both.rollback({ ...request, toRevision: 1 }, unwatched)).toMatchObject({ kind: 'succeeded' })
    expect(await both.test({ ...request, cleanup: false }, unwatched)).toMatchObject({ kind: 'succeeded' })
    const secrets = await cluster.listMetadata({ apiVersion: 'v1', kind: 'Secret' }, { namespace: 'apps' })
    expect(secrets).toEqual([])
    expect(await both.uninstall({ ...request, keepHistory: false }, unwatched)).toMatchObject({ kind: 'succeeded' })
    expect(await cluster.get(ref)).toBeUndefined()
    expect(await revisions('split')).toEqual([])
  })

  it('still acts as the service account', async () => {
    const both = createHelm(optionsFor({ reach: () => cluster.reach() }))
    const serviceAccount = { namespace: 'default', name: 'nobody' }
    expect(await both.install(requestFor('split', { ...split, serviceAccount }), unwatched)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('system:serviceaccount:default:nobody'),
    })
  })

  it('is refused without a way to do it', async () => {
    expect(await helm.install(requestFor('split', split), unwatched)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('cannot be kept in namespace default'),
    })
  })
})

describe('rollback, test and uninstall', () => {
  it('rolls back to an earlier revision as a new one', async () => {
    await helm.install(requestFor('back', { values: { image: 'one' } }), unwatched)
    await helm.upgrade(requestFor('back', { values: { image: 'two' } }), unwatched)
    const target = requestFor('back')
    expect(await helm.rollback({ ...target, toRevision: 1 }, unwatched)).toMatchObject({ kind: 'succeeded' })
    expect(await revisions('back')).toEqual(['1:superseded', '2:superseded', '3:deployed'])
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'back' }
    expect((await cluster.get(ref))?.['data']).toMatchObject({ image: 'one' })
  })

  it('runs the tests of a release', async () => {
    await helm.install(requestFor('tested'), unwatched)
    const request = { releaseName: 'tested', namespace: 'default', timeoutMs: 30_000, cleanup: true }
    expect(await helm.test(request, unwatched)).toMatchObject({ kind: 'succeeded' })
  })

  it('uninstalls, and what is not there is uninstalled', async () => {
    await helm.install(requestFor('gone'), unwatched)
    const request = { ...requestFor('gone'), keepHistory: false }
    expect(await helm.uninstall(request, unwatched)).toMatchObject({ kind: 'succeeded' })
    expect(await helm.uninstall(request, unwatched)).toMatchObject({ kind: 'succeeded' })
    expect(await revisions('gone')).toEqual([])
  })
})

describe('the child process', () => {
  it('waits for its values until its start is recorded, with a private job directory and nothing of our environment', async () => {
    process.env['CANARY'] = 'canary-in-the-environment'
    let child: ChildIdentity | undefined
    const outcome = await helm.install(requestFor('gated'), {
      async onStart(identity) {
        child = identity
        await expect.poll(() => readFile(`/proc/${identity.pid}/comm`, 'utf8')).toBe('helm\n')
        const environment = await readFile(`/proc/${identity.pid}/environ`, 'utf8')
        const [job = ''] = await readdir(join(workDir, 'helm', 'jobs'))
        const jobPath = join(workDir, 'helm', 'jobs', job)
        expect(environment).not.toContain('canary-in-the-environment')
        expect((await stat(jobPath)).mode & 0o777).toBe(0o700)
        expect(await readdir(jobPath)).toEqual([])
        expect(isAlive(identity)).toBe(true)
        expect(isAlive({ ...identity, startTime: '1' })).toBe(false)
        await pause(1_000)
        expect(await revisions('gated')).toEqual([])
      },
    })
    delete process.env['CANARY']
    expect(outcome).toMatchObject({ kind: 'succeeded' })
    expect(child && isAlive(child)).toBe(false)
    expect(await readdir(join(workDir, 'helm', 'jobs'))).toEqual([])
  })

  it('is killed without effect when its start cannot be recorded', async () => {
    let child: ChildIdentity | undefined
    const outcome = helm.install(requestFor('unrecorded'), {
      async onStart(identity) {
        child = identity
        throw new Error('the database is gone')
      },
    })
    await expect(outcome).rejects.toThrow('the database is gone')
    expect(child && isAlive(child)).toBe(false)
    expect(await revisions('unrecorded')).toEqual([])
  })

  it('ends on abort, and helm records the failure', async () => {
    const abort = new AbortController()
    const outcome = helm.install(requestFor('aborted', { chart: hangingChart }), { ...unwatched, signal: abort.signal })
    await appearance('Pod', 'aborted-wait')
    abort.abort()
    expect(await outcome).toMatchObject({ kind: 'aborted' })
    expect(await revisions('aborted')).toEqual(['1:failed'])
  })

  it('dies with the worker that started it', async () => {
    const { worker, child } = await startWorker(requestFor('orphan', { chart: hangingChart }), '')
    await appearance('Pod', 'orphan-wait')
    expect(isAlive(child)).toBe(true)
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    await expect.poll(() => isAlive(child)).toBe(false)
    expect(await revisions('orphan')).toEqual(['1:pending-install'])
    const jobs = join(workDir, 'helm', 'jobs')
    expect(await readdir(jobs)).toHaveLength(1)
    createHelm(optionsFor())
    await expect.poll(() => readdir(jobs)).toEqual([])
  })

  it('dies without effect with a worker that ends in the very moment of its start', async () => {
    const end = "process.kill(process.pid, 'SIGKILL')"
    for (let round = 0; round < 10; round += 1) {
      const { worker, child } = await startWorker(requestFor('half-started'), end)
      if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit')
      await expect.poll(() => isAlive(child)).toBe(false)
    }
    expect(await revisions('half-started')).toEqual([])
  })
})

/** A worker that installs and tells of its helm child, then does `recording` before the child may go on. */
async function startWorker(request: HelmRequest, recording: string) {
  const script = join(directory, 'worker.ts')
  const door = pathToFileURL(join(import.meta.dirname, '../../lib/adapters/helm-cli/index.ts')).href
  const launcher = pathToFileURL(join(import.meta.dirname, '../../lib/adapters/launcher/index.ts')).href
  const { redact: _, log: __, ...options } = optionsFor()
  await writeFile(
    script,
    `import { createHelm } from ${JSON.stringify(door)}
import { createLauncher } from ${JSON.stringify(launcher)}
const { launch } = createLauncher()
const helm = createHelm({ ...${JSON.stringify(options)}, launch, log: undefined, redact: (text) => text })
const alive = setInterval(() => {}, 1000)
await helm.install(${JSON.stringify(request)}, {
  async onStart(identity) {
    console.log(JSON.stringify(identity))
    ${recording}
  },
})
clearInterval(alive)
`,
  )
  const worker = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(worker.stdout), 'line')) as [string]
  return { worker, child: JSON.parse(line) as ChildIdentity }
}

describe('what is refused', () => {
  it('a service account without rights acts as itself', async () => {
    const serviceAccount = { namespace: 'default', name: 'nobody' }
    expect(await helm.install(requestFor('impersonated', { serviceAccount }), unwatched)).toEqual({
      kind: 'failed',
      message: expect.stringContaining('system:serviceaccount:default:nobody'),
    })
  })

  it.each([
    ['a chart that looks like a flag', { chart: '--post-renderer=x' }, 'cannot be handed to helm'],
    ['a release name that looks like a flag', { releaseName: '-n' }, 'cannot be handed to helm'],
    ['post renderers', { postRenderers: [{ kustomize: {} }] }, 'kustomize'],
  ])('%s', async (_label, change, words) => {
    const request = requestFor('refused', change)
    expect(await helm.install(request, unwatched)).toEqual({ kind: 'failed', message: expect.stringContaining(words) })
    expect(await helm.render(request)).toEqual({ kind: 'failed', message: expect.stringContaining(words) })
  })

  it('a kubeconfig that starts a program, unless allowed', async () => {
    const path = join(directory, 'exec.kubeconfig')
    const config = parse(await readFile(world.kubeconfig, 'utf8')) as { users: { user: object }[] }
    for (const user of config.users) user.user = { exec: { command: '/bin/false' } }
    await writeFile(path, JSON.stringify(config))
    const careful = createHelm(optionsFor({ kubeconfigPath: path }))
    await expect(careful.render(requestFor('x'))).rejects.toMatchObject({ code: 'cluster-refused' })
  })

  it('output with a known secret in it leaves redacted', async () => {
    const broken = await writeChart(directory, 'leaking', { 'config.yaml': '{{ fail .Values.password }}' })
    const request = requestFor('leaking', { chart: broken, values: { password: 'hunter2' } })
    expect(await helm.install(request, unwatched)).toEqual({ kind: 'failed', message: expect.stringContaining('***') })
    expect(JSON.stringify(await helm.render(request))).not.toContain('hunter2')
  })
})

describe('a chart that does not render', () => {
  it.each([
    ['a template that is none', '{{ .Values.image', 'unclosed action'],
    ['an unknown function', '{{ nope }}', 'function "nope" not defined'],
    ['output that is no YAML', 'kind: [', 'YAML'],
    ['a value that is required', '{{ required "name a host" .Values.host }}', 'name a host'],
    ['an object without a kind', 'apiVersion: v1\nmetadata: { name: x }\n', 'kind not set'],
  ])('%s: the dry run and the change say why, and no revision is left', async (label, template, words) => {
    const name = label.replaceAll(' ', '-')
    const request = requestFor(name, { chart: await writeChart(directory, name, { 'x.yaml': template }) })
    const failed = { kind: 'failed', message: expect.stringContaining(words) }
    expect(await helm.render(request)).toEqual(failed)
    expect(await helm.install(request, unwatched)).toEqual(failed)
    expect(await revisions(name)).toEqual([])
  })

  it('values that its schema refuses: the field is named', async () => {
    const strict = await writeChart(directory, 'strict', templates)
    const schema = { type: 'object', properties: { image: { type: 'string' } } }
    await writeFile(join(strict, 'values.schema.json'), JSON.stringify(schema))
    const request = requestFor('strict', { chart: strict, values: { image: 5 } })
    expect(await helm.render(request)).toEqual({ kind: 'failed', message: expect.stringContaining('image') })
    expect(await helm.install(request, unwatched)).toMatchObject({ kind: 'failed' })
    expect(await revisions('strict')).toEqual([])
  })
})

describe('when nothing could be attempted', () => {
  it('a kubeconfig not written yet is a fault to retry', async () => {
    const early = createHelm(optionsFor({ kubeconfigPath: join(directory, 'nowhere') }))
    await expect(early.install(requestFor('early'), unwatched)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      retryable: true,
    })
  })

  it('an API server that does not answer is a fault to retry', async () => {
    const path = join(directory, 'closed.kubeconfig')
    const text = await readFile(world.kubeconfig, 'utf8')
    await writeFile(path, text.replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1'))
    const closed = createHelm(optionsFor({ kubeconfigPath: path }))
    await expect(closed.install(requestFor('closed'), unwatched)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      retryable: true,
    })
  })

  it('a missing helm is named', async () => {
    const none = createHelm(optionsFor({ binary: 'no-such-helm' }))
    await expect(none.version()).rejects.toMatchObject({
      code: 'helm-failed',
      message: expect.stringContaining('no-such-helm'),
    })
  })
})

it('tells its version', async () => {
  expect(await helm.version()).toMatch(/^v[34]\./)
})
