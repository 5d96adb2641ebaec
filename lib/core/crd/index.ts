import type { KubeObject } from '../manifest/types.ts'

const definitions = [
  { group: 'flux.weave.works', version: 'v1beta1', shortNames: ['fhr'] },
  { group: 'helm.fluxcd.io', version: 'v1', shortNames: ['hr', 'hrs'] },
  { group: 'helm.toolkit.fluxcd.io', version: 'v2', shortNames: ['hr2'] },
]

const columns = [
  { name: 'Release', type: 'string', jsonPath: '.status.releaseName' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  { name: 'Revision', type: 'string', jsonPath: '.status.revision' },
  { name: 'Message', type: 'string', jsonPath: '.status.message' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
]

/**
 * The three HelmRelease definitions with the product's printed columns and the category `wheelhouse`
 * (`kubectl get wheelhouse -A`). Spec and status keep unknown fields: Git is what is checked, with file and line.
 */
export function releaseCrds(): KubeObject[] {
  return definitions.map(({ group, version, shortNames }) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `helmreleases.${group}`, labels: { 'app.kubernetes.io/managed-by': 'wheelhouse' } },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind: 'HelmRelease',
        listKind: 'HelmReleaseList',
        plural: 'helmreleases',
        singular: 'helmrelease',
        shortNames,
        categories: ['wheelhouse'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              },
            },
          },
        },
      ],
    },
  }))
}
