import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHelm } from '#lib/adapters/helm-cli/index.ts'
import type { Helm, HelmHooks, HelmRequest } from '#lib/ports/helm.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'

/** A program that says it is helm and then does what a broken one does: no cluster is asked. */
async function brokenHelm(directory: string, script: string): Promise<Helm> {
  const binary = join(directory, 'helm-program')
  const kubeconfigPath = join(directory, 'kubeconfig')
  await writeFile(binary, `#!/bin/sh\n[ "$1" = version ] && echo v4.3.1 && exit 0\n${script}\n`)
  await chmod(binary, 0o755)
  await writeFile(kubeconfigPath, 'apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n')
  const redact = (text: string) => text.replaceAll('hunter2', '***')
  const helm = createHelm({ binary, kubeconfigPath, workDir: directory, log: createRecordingLog(), redact })
  made.push(helm)
  return helm
}
const made: ReturnType<typeof createHelm>[] = []
afterEach(async () => {
  for (const helm of made.splice(0)) await helm.close()
})

const request: HelmRequest = {
  releaseName: 'podinfo',
  namespace: 'dev',
  storageNamespace: 'dev',
  chart: '/charts/podinfo',
  values: { password: 'hunter2' },
  timeoutMs: 1_000,
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
}
const unwatched: HelmHooks = { onStart: async () => {} }

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'helm-child-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(directory, { recursive: true })
})

describe('a helm that ends badly', () => {
  it.each([
    ['fails', 'echo "Error: UPGRADE FAILED: hunter2 is no password" >&2; exit 1', 'UPGRADE FAILED: *** is no password'],
    ['fails without a word', 'exit 3', 'helm ended with code 3 and said nothing'],
    ['is killed', 'kill -9 $$', 'helm was ended by a signal'],
    ['is killed after some words', 'echo "Error: half a sen" >&2; kill -9 $$', 'half a sen'],
    ['cannot render the chart', 'echo "Error: parse error at (x.yaml:1)" >&2; exit 1', 'parse error at (x.yaml:1)'],
  ])('%s: an outcome that says so, of change and dry run, and nothing is left', async (_label, script, message) => {
    const helm = await brokenHelm(directory, script)
    expect(await helm.install(request, unwatched)).toEqual({ kind: 'failed', message })
    expect(await helm.upgrade(request, unwatched)).toEqual({ kind: 'failed', message })
    expect(await helm.rollback({ ...request, toRevision: 1 }, unwatched)).toEqual({ kind: 'failed', message })
    expect(await helm.uninstall({ ...request, keepHistory: false }, unwatched)).toEqual({ kind: 'failed', message })
    expect(await helm.render(request)).toEqual({ kind: 'failed', message })
    expect(await readdir(join(directory, 'helm', 'jobs'))).toEqual([])
  })

  it('hangs: is ended after three times its own timeout and a minute, and says that it hung', async () => {
    const helm = await brokenHelm(directory, 'echo "waiting for the job" >&2; exec sleep 600')
    await helm.version()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const outcome = helm.upgrade(request, unwatched)
    while (vi.getTimerCount() === 0) await new Promise(setImmediate)
    vi.advanceTimersByTime(request.timeoutMs * 3 + 60_000)
    expect(await outcome).toEqual({ kind: 'failed', message: expect.stringMatching(/^helm hung and was ended: /) })
    expect(await readdir(join(directory, 'helm', 'jobs'))).toEqual([])
  })

  it('answers a dry run with something else: no manifest, and no fault', async () => {
    for (const script of ['echo "not json"', 'echo "{}"', 'echo "{\\"manifest\\": 5}"']) {
      const helm = await brokenHelm(directory, script)
      expect(await helm.render(request)).toEqual({
        kind: 'failed',
        message: expect.stringContaining('without a manifest'),
      })
    }
  })

  it.each([
    ['too old', 'v2.16.1'],
    ['nothing we know', 'hello'],
  ])('is %s: a fault that says what to install', async (_label, version) => {
    const helm = await brokenHelm(directory, '')
    await writeFile(join(directory, 'helm-program'), `#!/bin/sh\necho ${version}\n`)
    await expect(helm.install(request, unwatched)).rejects.toMatchObject({
      code: 'helm-failed',
      suggestion: expect.stringContaining('Install helm'),
    })
  })
})
