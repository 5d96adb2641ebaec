export { createGitRepository } from './create-git-repository.ts'
export type { GitRepository, GitRepositoryOptions } from './create-git-repository.ts'
