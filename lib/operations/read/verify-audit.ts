import { keyFingerprint, verifyPages } from '#lib/core/audit/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { anchorFact, anchorFactName, anchorRef } from './anchor-fact.ts'
import { ask } from './caller.ts'
import type { Caller } from './caller.ts'
import { chainPages } from './chain-pages.ts'
import type { ShownConfig } from './shown-config.ts'

interface Deps {
  store: Pick<Store, 'readChain' | 'getFact'>
  shown: Pick<ShownConfig, 'repository'>
}

/** Walks the chain from its first row, page by page, and past the checkpoint that was anchored last. */
export async function verifyAudit(deps: Deps, caller: Caller) {
  ask(caller, 'audit:read')
  const fact = anchorFact(await deps.store.getFact(anchorFactName), deps.shown.repository)
  const checkpoint = fact?.anchored?.checkpoint
  const verdict = await verifyPages(chainPages(deps.store, 1), checkpoint)
  if (!verdict.ok) return { kind: 'broken' as const, rows: verdict.seq - 1, seq: verdict.seq, reason: verdict.message }
  const anchor = fact?.anchored && {
    seq: fact.anchored.checkpoint.seq,
    at: fact.anchored.checkpoint.at,
    commit: fact.anchored.commit,
    ref: anchorRef,
    fingerprint: keyFingerprint(fact.anchored.checkpoint),
  }
  return {
    kind: 'intact' as const,
    rows: verdict.entries,
    head: verdict.head?.hash,
    anchor,
    notAnchored: (verdict.head?.seq ?? 0) - (anchor?.seq ?? 0),
    problem: fact?.gap?.reason ?? fact?.problem?.reason,
  }
}
