import { parse } from 'yaml'
import type { ManifestDocument } from '../manifest/index.ts'
import type { FindSource } from './read-chart-source.ts'
import { readHelmRelease } from './read-helm-release.ts'

export const v1beta1 = 'flux.weave.works/v1beta1'
export const v1 = 'helm.fluxcd.io/v1'
export const v2 = 'helm.toolkit.fluxcd.io/v2'

export function document(
  apiVersion: string,
  kind: string,
  name: string,
  spec: string,
  namespace = 'dev',
): ManifestDocument {
  const object = { apiVersion, kind, metadata: { name, namespace }, spec: parse(spec) as unknown }
  const id = `${namespace}:${kind.toLowerCase()}/${name}`
  return { id, object, path: 'releases/dev/a.yaml', blob: 'b', line: 3, range: [0, 1], digest: 'd' }
}

const sources = [
  document(
    'source.toolkit.fluxcd.io/v1',
    'HelmRepository',
    'web',
    'url: https://charts.example.org/\nsecretRef: {name: s}',
    'flux',
  ),
  document('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'oci', 'type: oci\nurl: oci://ghcr.io/charts'),
  document(
    'source.toolkit.fluxcd.io/v1',
    'GitRepository',
    'git',
    'url: https://git.example.org/x\nref: {branch: main}',
  ),
  document(
    'source.toolkit.fluxcd.io/v1',
    'GitRepository',
    'range',
    'url: https://git.example.org/x\nref: {semver: 1.x}',
  ),
  document(
    'source.toolkit.fluxcd.io/v1',
    'OCIRepository',
    'nats',
    'url: oci://ghcr.io/charts/nats\nref: {semver: 1.x}',
  ),
  document(
    'source.toolkit.fluxcd.io/v1',
    'HelmChart',
    'chart',
    'chart: nats\nversion: 1.2.3\nsourceRef: {kind: HelmRepository, name: oci}',
  ),
]
export const find: FindSource = (kind, namespace, name) =>
  sources.find(({ id }) => id === `${namespace}:${kind.toLowerCase()}/${name}`)

export const read = (apiVersion: string, spec: string, name = 'podinfo') =>
  readHelmRelease(document(apiVersion, 'HelmRelease', name, spec), { find })
export const git = 'chart: {git: "git@git.example.org:org/charts", path: charts/podinfo}\n'
export const oci = 'interval: 5m\nchartRef: {kind: OCIRepository, name: nats}\n'
