import type { ScannedTag } from '../../core/policy/index.ts'

/** All times are milliseconds since the epoch. */

/** What a scan found out about tags. All of a repository, one after the other, come to its tags as they are. */
export interface ScanRecord {
  /** Counts up over all repositories. */
  seq: number
  repository: string
  /** When the scan began; it may have found several things out one after the other. */
  begunAt: number
  at: number
  /** Git as it was followed then; absent = it was not read yet, or what is told is of many scans. */
  commit?: string
  /** By name: what is new about each tag. */
  tags: Record<string, ScannedTag>
}
