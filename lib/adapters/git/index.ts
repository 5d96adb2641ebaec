export { isProtection } from './classify-git-error.ts'
export type { CommitDraft } from './commit-draft.ts'
export { createGitRepository } from './create-git-repository.ts'
export type { GitRepository, GitRepositoryOptions } from './create-git-repository.ts'
