import { releaseCrds } from '#lib/core/crd/index.ts'

interface Request {
  apiVersion: string
  kind: string
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

interface FirstObject {
  /** As `watchName` says it. */
  watch: string
  apiVersion: string
  kind: string
  collection: string
  object: { metadata: { name: string } } & Record<string, unknown>
}

const namespace = 'bench'

/** What tells a watch from the others. */
export function watchName({ apiVersion, kind, ...where }: Request): string {
  return [apiVersion, kind, where.namespace, where.labelSelector, where.fieldSelector].filter(Boolean).join(' ')
}

/** A release that takes values from a ConfigMap and a Secret, so that those are watched as well. */
export const valuesDocument = `apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  name: a
  namespace: ${namespace}
spec:
  chart:
    path: charts/a
  valuesFrom:
    - configMapKeyRef:
        name: first
    - secretKeyRef:
        name: first
`

const labels = { app: 'first' }
const pod = { containers: [{ name: 'a', image: 'a:1' }] }
const template = { metadata: { labels }, spec: pod }
const selector = { matchLabels: labels }

/** For each watch of the worker an object that makes it tell something, and none of the others. Nothing of it runs. */
export function firstObjects(): FirstObject[] {
  const core = `/api/v1/namespaces/${namespace}`
  const apps = `/apis/apps/v1/namespaces/${namespace}`
  const never = { nodeSelector: { nowhere: 'true' } }
  return [
    first({ apiVersion: 'v1', kind: 'Secret', labelSelector: 'owner=helm' }, `${core}/secrets`, {
      metadata: { name: 'sh.helm.release.v1.first.v1', labels: { owner: 'helm', name: 'first', version: '1' } },
      type: 'helm.sh/release.v1',
    }),
    first({ apiVersion: 'v1', kind: 'Namespace' }, '/api/v1/namespaces', {}),
    first({ apiVersion: 'v1', kind: 'Pod' }, `${core}/pods`, { spec: { ...pod, schedulerName: 'nobody' } }),
    first({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }, crds, anotherCrd()),
    first({ apiVersion: 'apps/v1', kind: 'Deployment' }, `${apps}/deployments`, {
      spec: { replicas: 0, selector, template },
    }),
    first({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, `${apps}/statefulsets`, {
      spec: { replicas: 0, serviceName: 'first', selector, template },
    }),
    first({ apiVersion: 'apps/v1', kind: 'DaemonSet' }, `${apps}/daemonsets`, {
      spec: { selector, template: { ...template, spec: { ...pod, ...never } } },
    }),
    first({ apiVersion: 'batch/v1', kind: 'Job' }, `/apis/batch/v1/namespaces/${namespace}/jobs`, {
      spec: { suspend: true, template: { spec: { ...pod, restartPolicy: 'Never' } } },
    }),
    ...['flux.weave.works/v1beta1', 'helm.fluxcd.io/v1', 'helm.toolkit.fluxcd.io/v2'].map((apiVersion) =>
      first({ apiVersion, kind: 'HelmRelease' }, `/apis/${apiVersion}/namespaces/${namespace}/helmreleases`, {
        spec: {},
      }),
    ),
    first({ apiVersion: 'v1', kind: 'ConfigMap', namespace }, `${core}/configmaps`, {}),
    first(
      { apiVersion: 'v1', kind: 'Secret', namespace, fieldSelector: 'type!=helm.sh/release.v1' },
      `${core}/secrets`,
      {},
    ),
  ]
}

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

function first(request: Request, collection: string, object: Record<string, unknown>): FirstObject {
  const { apiVersion, kind } = request
  const whole = { apiVersion, kind, metadata: { name: 'first' }, ...object }
  return { watch: watchName(request), apiVersion, kind, collection, object: whole }
}

function anotherCrd(): Record<string, unknown> {
  const [crd] = releaseCrds()
  const names = { kind: 'First', listKind: 'FirstList', plural: 'firsts', singular: 'first' }
  return {
    ...crd,
    metadata: { name: 'firsts.example.com' },
    spec: { ...(crd?.spec as object), group: 'example.com', names },
  }
}
