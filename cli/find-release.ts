import { call } from '#lib/api/client.ts'
import type { CallOptions } from '#lib/api/client.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { listReleases } from '#lib/api/releases.ts'

/** Every release there is, page by page. */
export async function allReleases(options: CallOptions, environment?: string): Promise<Release[]> {
  const found: Release[] = []
  for (let after: string | undefined; ;) {
    const page = await call(listReleases, { query: { environment, after, limit: 500 } }, options)
    found.push(...page.items)
    if (page.next === undefined) return found
    after = page.next
  }
}

/** The one release people mean by `name`, `namespace/name`, Flux's `namespace:helmrelease/name`, or an id. */
export async function findRelease(options: CallOptions, wanted: string): Promise<Release> {
  const plain = wanted.replace(':helmrelease/', '/')
  const fitting = (await allReleases(options)).filter(
    ({ id, namespace, name }) => plain === id || plain === name || plain === `${namespace}/${name}`,
  )
  const [release] = fitting
  if (!release) throw new Error(`There is no release ${wanted}. \`wheelhouse list-releases\` lists what there is.`)
  if (fitting.length > 1) {
    throw new Error(`Which one? ${fitting.map(({ namespace, name }) => `${namespace}/${name}`).join(', ')}`)
  }
  return release
}
