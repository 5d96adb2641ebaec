import { createGitRepository, type GitRepository, type GitRepositoryOptions } from '#lib/adapters/git/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import { GitHubClient, type GitHubOptions } from './client.ts'
import { deliverCommit } from './deliver-commit.ts'

export interface GitHubRepositoryOptions extends Omit<GitRepositoryOptions, 'identity' | 'deliver'>, GitHubOptions {}

/**
 * A repository at GitHub: read by Git through the mirror, with a token that is asked for before every fetch and is never on
 * disk or in an argument; written by the API.
 */
export function createGitHubRepository(options: GitHubRepositoryOptions): GitRepository {
  const client = new GitHubClient(options)
  const { branch } = options
  const repository = createGitRepository({
    ...options,
    identity: async () => ({ username: 'x-access-token', password: await client.credentials.token() }),
    deliver: (draft) => deliverCommit(client, branch, draft),
  })
  return {
    ...repository,
    fetch: () => fetchOrExplain(client, repository),
    inTurn: (work) => repository.inTurn((own) => work({ ...own, fetch: () => fetchOrExplain(client, own) })),
  }
}

/**
 * Git only says that it was turned away. The API tells why, and where it was the token of an installation alone, it has a
 * new one by now.
 */
async function fetchOrExplain(client: GitHubClient, repository: Pick<GitRepository, 'fetch'>) {
  try {
    return await repository.fetch()
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'git-refused') throw error
    await client.call('GET /repos/{owner}/{repo}', {})
    if (client.credentials.kind === 'token') throw error
    return repository.fetch()
  }
}
