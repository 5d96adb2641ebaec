export { buildSnapshot } from './build-snapshot.ts'
export {
  guardDeletion,
  isUnread,
  removedDocuments,
  type DeletionDecision,
  type Leaving,
  type Removal,
} from './removed-documents.ts'
export type { Snapshot, SnapshotFile, SnapshotInput } from './types.ts'
