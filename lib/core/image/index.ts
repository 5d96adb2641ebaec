export type { ImageRef } from './types.ts'
export { isValidDigest, isValidTag } from './grammar.ts'
export { dockerHubHost, formatImageRef, parseImageRef, repositoryName, withTag } from './image-ref.ts'
