import type { Operation } from '#lib/api/release-schemas.ts'
import { shortName } from '../session/short-name.ts'

/** What led to a change, and who. */
export interface CauseWords {
  what: string
  by: string
}

export function causeWords({ cause, reason, actor }: Pick<Operation, 'cause' | 'reason' | 'actor'>): CauseWords {
  const by = shortName(actor)
  switch (cause.kind) {
    case 'tag':
      return { what: `${cause.repository.slice(cause.repository.indexOf('/') + 1)}:${cause.tag} was pushed`, by }
    case 'commit':
      return { what: cause.subject, by: cause.author }
    case 'person':
      return { what: reason, by: shortName(cause.actor) }
    case 'chart':
      return { what: `chart ${cause.path} changed`, by }
    case 'values':
      return { what: `values from ${cause.source} changed`, by }
    case 'promotion':
      return { what: cause.from ? `promoted from ${cause.from}` : 'promoted', by }
    case 'drift':
    case 'recovery':
      return { what: cause.detail, by }
  }
}
