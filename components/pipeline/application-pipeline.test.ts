import { expect, it } from 'vitest'
import type { Matrix } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { applicationPipeline } from './application-pipeline.ts'

const release = (environment: string, more: Partial<Release> = {}): Release => ({
  id: `podinfo-${environment}`,
  cluster: 'kube',
  namespace: environment,
  name: `podinfo-${environment}`,
  releaseName: `podinfo-${environment}`,
  storageNamespace: environment,
  targetNamespace: environment,
  application: 'podinfo',
  environment,
  path: `releases/${environment}/podinfo.yaml`,
  line: 1,
  generation: '1',
  mode: 'act',
  desired: true,
  automated: true,
  chart: { source: 'charts/podinfo' },
  images: [],
  phase: 'deployed',
  reason: '',
  phaseSince: 0,
  health: 'healthy',
  healthReason: '',
  healthSince: 0,
  problems: [],
  version: 1,
  ...more,
})

const pipeline = { environments: ['dev', 'stg', 'prod'].map((name) => ({ name, gates: [] })) }
const nameOf = (one: Release) => one.environment
const matrixOf = (releases: Release[]): Matrix => ({
  environments: [],
  rows: [...Map.groupBy(releases, (one) => one.application)].map(([application, own]) => ({
    application,
    cells: [...Map.groupBy(own, nameOf)].map(([environment, same]) => ({ environment, releases: same })),
    ways: [{ from: 'dev', to: 'prod' }],
  })),
  apart: [],
})

it('shows the environments that have it, the ways into each, and what stands beside', () => {
  const releases = ['prod', 'dev', 'lab'].map((environment) => release(environment))
  const others = [release('stg', { application: 'redis' }), release('stg', { desired: false })]
  const { stops, beside, columns } = applicationPipeline('podinfo', pipeline, matrixOf([...releases, ...others]))
  expect(stops.map(({ environment, incoming }) => [environment, incoming.map(({ from }) => from)])).toEqual([
    ['dev', []],
    ['prod', ['dev']],
  ])
  expect(beside.map(nameOf)).toEqual(['lab'])
  expect(columns).toBe(2)
})

it('keeps two candidates of one environment together', () => {
  const both = matrixOf([release('dev'), release('dev', { id: 'other' })])
  expect(applicationPipeline('podinfo', pipeline, both).stops.map(({ releases }) => releases.length)).toEqual([2])
})

it('has nothing for an application that is not there', () => {
  const drawn = applicationPipeline('nothing', pipeline, matrixOf([release('dev')]))
  expect(drawn).toMatchObject({ stops: [], beside: [], rows: 0 })
})
