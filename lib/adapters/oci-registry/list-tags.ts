import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '#lib/core/fault/index.ts'
import { isValidTag } from '#lib/core/image/index.ts'
import type { TagList } from '#lib/ports/registry.ts'
import { parseWith } from './manifest.ts'
import { nextPage } from './next-page.ts'
import type { RegistryClient } from './registry-client.ts'
import { invalidAnswer } from './registry-fault.ts'

const TagPage = z.object({ tags: z.array(z.string()).nullish() })

const listLimit = 20 * 1024 * 1024
/** What registries accept at most: distribution and ECR refuse a larger page. */
const pageSize = 1000
const maxPages = 2000

/**
 * All tags, to the last page, or a Fault. Our `etag` holds a digest of the list beside the registry's own tag, because few
 * registries send one: an equal list is `unchanged` either way. Names outside the OCI grammar, which nobody can pull and
 * which must not reach a commit, are left out.
 */
export async function listTags(
  client: RegistryClient,
  path: string,
  options: { etag?: string; signal?: AbortSignal },
): Promise<TagList> {
  const [knownDigest, knownEtag] = splitEtag(options.etag)
  const tags = new Set<string>()
  const seen = new Set<string>()
  let url: URL | undefined
  let theirs = ''
  let bytes = 0
  for (let page = 0; ; page += 1) {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (page === 0 && knownEtag) headers['if-none-match'] = knownEtag
    const maxBytes = listLimit - bytes
    const call = { path, url, endpoint: `tags/list?n=${pageSize}`, what: 'the tag list', headers, maxBytes }
    const answer = await client.call({ ...call, signal: options.signal })
    if (answer.status === 304 && page === 0 && knownEtag) return { kind: 'unchanged' }
    if (answer.status === 404 && page === 0) throw new Fault('not-found', `The registry has no repository ${path}.`)
    if (answer.status !== 200) throw invalidAnswer(`The tag list of ${path} breaks off after ${page} pages.`)
    bytes += answer.body.length
    for (const tag of parseWith(TagPage, answer.body, `the tag list of ${path}`).tags ?? []) {
      if (isValidTag(tag)) tags.add(tag)
    }
    const next = nextPage(answer.headers.get('link'), answer.url)
    // Only a list of one page is described by the first page's tag.
    theirs = page === 0 && next === undefined ? (answer.headers.get('etag') ?? '') : ''
    if (next === undefined) break
    if (next === 'elsewhere') throw invalidAnswer(`The tag list of ${path} goes on at another host.`)
    if (seen.has(next.href) || page === maxPages) throw invalidAnswer(`The tag list of ${path} never ends.`)
    seen.add(next.href)
    url = next
  }
  const list = [...tags]
  const digest = createHash('sha256').update(list.toSorted().join('\n')).digest('base64url')
  return digest === knownDigest ? { kind: 'unchanged' } : { kind: 'read', tags: list, etag: `${digest} ${theirs}` }
}

function splitEtag(etag: string | undefined): [string | undefined, string | undefined] {
  const space = etag?.indexOf(' ') ?? -1
  if (etag === undefined || space < 0) return [undefined, undefined]
  return [etag.slice(0, space), etag.slice(space + 1) || undefined]
}
