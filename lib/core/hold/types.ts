import type { Hold } from '../pipeline/types.ts'

/** One hold and where it stands (§9.11). */
export interface HoldEntry extends Hold {
  /** `emergency`: database and live resource say it, Git does not know it yet (§9.12). */
  scope: 'emergency' | 'release' | 'application' | 'environment'
  /** Of the application or environment, or of the release. */
  name: string
}

export type HoldVerdict =
  | { kind: 'free' }
  | {
      kind: 'held'
      /** All that hold, the nearest first; never empty. */
      holds: HoldEntry[]
      /** Those whose time is over. They hold on, and alert, until a person lifts them. */
      expired: HoldEntry[]
      /** One sentence with a full stop. */
      reason: string
      /** Milliseconds since the epoch: when the next of them expires, which is when there is something new to tell. */
      nextEvaluation?: number
    }

/** What is about to change a held release. */
export type HeldAction =
  | 'automation'
  | 'promotion'
  | 'manual-release'
  | 'chart'
  | 'values-from'
  /** A commit that edits the release's very document. */
  | 'document-edit'
  | 'rollback'
  | 'repair'
