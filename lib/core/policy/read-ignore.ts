import { readPolicy } from './policy-key.ts'

/** `all` = neither applied nor deleted; `sync-only` = applied and never deleted. */
export type Ignored = 'all' | 'sync-only'

/** What `ignore` says of any document, in either spelling; only the string "true" counts as on (§1). */
export function readIgnore(annotations: Readonly<Record<string, string>>): Ignored | undefined {
  switch (readPolicy(annotations, 'ignore')?.value) {
    case 'true':
      return 'all'
    case 'sync_only':
      return 'sync-only'
    default:
      return undefined
  }
}
