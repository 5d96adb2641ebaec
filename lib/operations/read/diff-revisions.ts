import { Fault } from '#lib/core/fault/index.ts'
import type { Caller } from './caller.ts'
import { getRevision } from './get-revision.ts'

export interface RevisionDiff {
  what: 'values' | 'manifest'
  from: { revision: number; text: string }
  to: { revision: number; text: string }
  equal: boolean
}

/** Both texts of two revisions; who shows them draws the difference. Throws `not-found`, `forbidden`. */
export async function diffRevisions(
  deps: Parameters<typeof getRevision>[0],
  caller: Caller,
  id: string,
  wanted: { from: number; to: number; what: 'values' | 'manifest' },
): Promise<RevisionDiff> {
  const side = async (revision: number) => {
    const { content } = await getRevision(deps, caller, id, revision)
    if (!content) {
      throw new Fault('not-found', `The content of revision ${revision} is not kept.`, {
        suggestion: 'Only the newest 50 revisions keep values and manifest.',
      })
    }
    return { revision, text: wanted.what === 'values' ? content.valuesText : content.manifest }
  }
  const [from, to] = await Promise.all([side(wanted.from), side(wanted.to)])
  return { what: wanted.what, from, to, equal: from.text === to.text }
}
