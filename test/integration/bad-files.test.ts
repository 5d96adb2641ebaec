import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '#test/fixtures/git-origin.ts'
import { chartFiles, configMapText, releaseText } from '#test/fixtures/release-documents.ts'
import { startTestDatabase, type TestDatabase } from '#test/fixtures/test-database.ts'
import { startWorkerInTest, type WorkerInTest } from '#test/fixtures/worker-in-test.ts'

let database: TestDatabase
let worker: WorkerInTest

beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const dev = 'releases/dev/podinfo.yaml'
const prod = 'releases/prod/podinfo.yaml'
const seed: Record<string, Change> = {
  ...chartFiles,
  [dev]: { text: releaseText() },
  [prod]: { text: releaseText({ name: 'podinfo-prod', namespace: 'prod' }) },
  'releases/dev/settings.yaml': { text: configMapText('settings') },
}
const prodChanged = releaseText({ name: 'podinfo-prod', namespace: 'prod', values: ['replicaCount: 2'] })

/** Everything of the first commit is applied and deployed. */
beforeEach(async () => {
  worker = await startWorkerInTest(await database.fresh())
  await worker.origin.push(seed)
  await worker.fetch()
  return () => worker.close()
})

const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'])
  bomb.push(`${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`)

const written = (text: string): Record<string, Change> => ({ [dev]: { text } })
const withChart = (chart: string, more: Record<string, Change> = {}) => ({
  ...written(releaseText({ chart })),
  ...more,
})

type Row = [label: string, changes: Record<string, Change>, code: string, at: string, says: string]
const rows: Row[] = [
  ['invalid YAML', written(`${releaseText()}bad: [1,\n`), 'yaml-invalid', `${dev}:12`, 'not valid YAML'],
  ['a template', written(`${releaseText()}x: {{ .Values.x }}\n`), 'file-templated', `${dev}:11`, 'template'],
  ['two documents with one id', written(`${releaseText()}---\n${releaseText()}`), 'object-duplicate', `${dev}:1`, ''],
  [
    'two files with one id',
    { 'releases/dev/zwei.yaml': { text: releaseText({ values: ['replicaCount: 3'] }) } },
    'object-duplicate',
    `${dev}:1`,
    'releases/dev/zwei.yaml:1',
  ],
  ['an alias bomb', written(`${releaseText()}${bomb.join('\n')}\n`), 'yaml-alias-bomb', `${dev}:1`, 'expand too far'],
  ['10 MB', written(`${releaseText()}# ${'x'.repeat(10_000_000)}\n`), 'file-too-large', dev, '5 MiB'],
  ['bytes that are no text', { [dev]: { text: Buffer.from([0x6b, 0, 0xff]) } }, 'file-not-text', dev, 'UTF-8'],
  ['SOPS', written(`${releaseText()}sops: {mac: x}\n`), 'document-sops', `${dev}:1`, 'SOPS'],
  ['no chart', withChart(''), 'chart-missing', `${dev}:1`, 'spec.chart'],
  [
    'a field that is not honoured',
    written(releaseText({ spec: ['kubeConfig: {secretRef: {name: a}}'] })),
    'field-not-honoured',
    `${dev}:1`,
    'spec.kubeConfig',
  ],
  ['values that are a list', written(releaseText({ values: ['- a'] })), 'values-not-map', `${dev}:1`, 'spec.values'],
  ['a chart above the repository', withChart('{path: ../charts}'), 'chart-path-invalid', `${dev}:1`, 'leaves'],
  [
    'a chart that is a symlink out of the repository',
    withChart('{path: charts/out}', { 'charts/out': { linkTo: '../../elsewhere' } }),
    'chart-invalid',
    `${dev}:1`,
    'charts/out',
  ],
  [
    'a chart that holds a symlink out of the repository',
    withChart('{path: charts/evil}', {
      'charts/evil/Chart.yaml': { text: 'name: evil\nversion: 1.0.0\n' },
      'charts/evil/templates/passwd.yaml': { linkTo: '../../../../../../etc/passwd' },
    }),
    'chart-invalid',
    `${dev}:1`,
    'leaves the repository',
  ],
  ['a chart that is not there', withChart('{path: charts/none}'), 'chart-invalid', `${dev}:1`, 'charts/none'],
  [
    'a chart without a version',
    withChart('{path: charts/half}', { 'charts/half/Chart.yaml': { text: 'name: half\n' } }),
    'chart-invalid',
    `${dev}:1`,
    'no version',
  ],
  [
    'a directory that kustomize builds',
    { 'releases/dev/kustomization.yaml': { text: 'resources: [podinfo.yaml]\n' } },
    'directory-kustomize',
    'releases/dev',
    'kustomize',
  ],
]

/** Problems as the repository's page and the release's page show them. */
async function shown() {
  const record = await worker.store.latestSnapshot(worker.deps.settings.repository)
  return [...(record?.problems ?? []), ...(record?.unsupported ?? []), ...worker.release('podinfo-dev').problems]
}

/** What the same paths held in the first commit. */
function undo(changes: Record<string, Change>): Record<string, Change> {
  return Object.fromEntries(Object.keys(changes).map((path) => [path, seed[path] ?? { removed: true }]))
}

describe('a bad file spoils only itself, until it is mended', () => {
  it.each(rows)('%s', async (_label, changes, code, at, says) => {
    expect(worker.helm.calls.splice(0)).toEqual(['install podinfo-dev', 'install podinfo-prod'])
    await worker.origin.push({ ...changes, [prod]: { text: prodChanged } })
    await worker.fetch()
    const problem = (await shown()).find((found) => found.code === code)
    expect(problem && [problem.path, problem.line].filter(Boolean).join(':')).toBe(at)
    expect(problem?.message).toContain(says)
    expect(worker.helm.calls).toEqual(['upgrade podinfo-prod'])
    expect(worker.release('podinfo-dev')).toMatchObject({ desired: true, phase: 'blocked', revision: 1 })
    expect(await worker.store.listDeletions(['waiting', 'consented', 'kept', 'done'])).toEqual([])
    expect(worker.cluster.deleted).toEqual([])

    await worker.origin.push(undo(changes))
    await worker.fetch()
    expect(worker.release('podinfo-dev')).toMatchObject({ phase: 'deployed', problems: [], revision: 1 })
    expect(worker.helm.calls).toEqual(['upgrade podinfo-prod'])
  })
})
