/**
 * The next page out of a `Link` header (RFC 8288), always on the scheme and host of `current`: proxies make wrong absolute
 * links. undefined = last page; `elsewhere` = the link names another host.
 */
export function nextPage(header: string | null, current: URL): URL | 'elsewhere' | undefined {
  if (header === null) return undefined
  for (const match of header.matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next"?/i.test(String(match[2]))) continue
    if (!URL.canParse(String(match[1]), current)) return 'elsewhere'
    const next = new URL(String(match[1]), current)
    if (next.hostname !== current.hostname) return 'elsewhere'
    return new URL(`${next.pathname}${next.search}`, current.origin)
  }
  return undefined
}
