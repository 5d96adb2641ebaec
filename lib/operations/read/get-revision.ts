import { stringify } from 'yaml'
import { Fault } from '#lib/core/fault/index.ts'
import type { RevisionContent, RevisionRecord, Store } from '#lib/ports/store/index.ts'
import type { Caller } from './caller.ts'
import { visibleRelease } from './release-view.ts'

export interface RevisionDetail {
  revision: RevisionRecord
  content?: RevisionContent & { valuesText: string }
}

type Deps = { store: Pick<Store, 'getRelease' | 'listRevisions' | 'revisionContent'> }

/** A revision with its redacted values and manifest, as long as they are kept. Throws `not-found`, `forbidden`. */
export async function getRevision(deps: Deps, caller: Caller, id: string, revision: number): Promise<RevisionDetail> {
  const release = await visibleRelease(deps, caller, id)
  const [page, content] = await Promise.all([
    deps.store.listRevisions(id, { before: revision + 1, limit: 1 }),
    deps.store.revisionContent(id, revision),
  ])
  const record = page.items[0]
  if (record?.revision !== revision) throw new Fault('not-found', `${release.name} has no revision ${revision}.`)
  return { revision: record, content: content && { ...content, valuesText: valuesText(content.values) } }
}

function valuesText(values: Record<string, unknown>): string {
  return Object.keys(values).length === 0 ? '' : stringify(values, { lineWidth: 0, aliasDuplicateObjects: false })
}
