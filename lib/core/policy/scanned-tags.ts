import type { TagFact } from './types.ts'

/** What a scan found out about one tag; a field left out stays as it was. */
export interface ScannedTag {
  /** Build time as in `TagFact`; `unread` = it is to be read anew. */
  created?: number | null | 'unread'
  /** null = it is not known any more. */
  digest?: string | null
  vanished?: boolean
}

/** The tags of a repository as known after one more scan. */
export function foldScan(
  known: ReadonlyMap<string, TagFact>,
  scanned: Readonly<Record<string, ScannedTag>>,
): Map<string, TagFact> {
  const facts = new Map(known)
  for (const [name, news] of Object.entries(scanned)) facts.set(name, foldTag(facts.get(name) ?? { name }, news))
  return facts
}

function foldTag(before: TagFact, news: ScannedTag): TagFact {
  const created = news.created === undefined ? before.created : news.created === 'unread' ? undefined : news.created
  const digest = news.digest === undefined ? before.digest : (news.digest ?? undefined)
  return {
    name: before.name,
    vanished: news.vanished ?? before.vanished ?? false,
    ...(created === undefined ? {} : { created }),
    ...(digest === undefined ? {} : { digest }),
  }
}
