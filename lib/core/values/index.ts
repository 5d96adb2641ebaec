export type { Container, DocumentChange, DocumentTarget } from './types.ts'
export { detectContainers, detectContainersInNode, type DetectedContainers } from './detect-containers.ts'
export { imagesInValues } from './images-in-values.ts'
export { editDocument, type EditedDocument } from './edit-document.ts'
