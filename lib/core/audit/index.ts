export { canonicalDigest, canonicalJson } from './canonical-json.ts'
export { genesisHash, hashEntry, verifyChain } from './chain.ts'
export type { AuditEntry, AuditFact, ChainFault, ChainVerdict, Checkpoint } from './types.ts'
