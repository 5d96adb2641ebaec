export type { Container, DocumentChange, DocumentTarget } from './types.ts'
export { detectContainers, detectContainersInNode, type DetectedContainers } from './detect-containers.ts'
export { editDocument, type EditedDocument } from './edit-document.ts'
