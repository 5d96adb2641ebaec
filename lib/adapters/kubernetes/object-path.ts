import type { ServerResource } from './discovery.ts'

/** `/apis/apps/v1/namespaces/dev/deployments`; without a namespace, all of them. */
export function collectionPath(resource: ServerResource, namespace?: string): string {
  const root = resource.apiVersion.includes('/') ? '/apis' : '/api'
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : ''
  const version = resource.apiVersion.split('/').map(segment).join('/')
  return `${root}/${version}${scope}/${segment(resource.plural)}`
}

/** A namespaced object without a namespace is one of `default`, as kubectl has it. */
export function objectPath(
  resource: ServerResource,
  ref: { namespace?: string; name: string },
  subresource?: string,
): string {
  const collection = collectionPath(resource, resource.namespaced ? (ref.namespace ?? 'default') : undefined)
  return `${collection}/${segment(ref.name)}${subresource === undefined ? '' : `/${subresource}`}`
}

/** The names `.` and `..` would be resolved away by the URL parser; Kubernetes knows no object of that name. */
function segment(text: string): string {
  const encoded = encodeURIComponent(text)
  return encoded === '.' || encoded === '..' || encoded === '' ? '%00' : encoded
}
