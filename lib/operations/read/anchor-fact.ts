import { z } from 'zod'
import { SignedCheckpoint } from '#lib/core/audit/index.ts'

/** Where the worker puts the checkpoints of the audit chain: outside the branches, so that nothing follows it but who asks. */
export const anchorRef = 'refs/wheelhouse/audit'
export const anchorFile = 'checkpoint.json'
/** Name of the fact. */
export const anchorFactName = 'audit-anchor'

/** How the chain stands to its anchor in Git (fact `audit-anchor`). */
export const AnchorFact = z.object({
  repository: z.string(),
  /** The last one pushed, and its commit. */
  anchored: z.object({ checkpoint: SignedCheckpoint, commit: z.string() }).optional(),
  /** Why it could not be anchored when that was tried last. */
  problem: z.object({ kind: z.enum(['only-observed', 'git', 'broken-chain']), reason: z.string() }).optional(),
  /** The chain did not contain what Git had anchored, milliseconds since the epoch. */
  gap: z.object({ at: z.number(), reason: z.string() }).optional(),
})
export type AnchorFact = z.infer<typeof AnchorFact>

/** Nothing of another repository. */
export function anchorFact(value: unknown, repository: string | undefined): AnchorFact | undefined {
  const fact = AnchorFact.safeParse(value).data
  return fact?.repository === repository ? fact : undefined
}
