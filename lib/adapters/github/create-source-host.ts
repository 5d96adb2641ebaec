import type { SourceHost } from '#lib/ports/source-host.ts'
import { GitHubClient, type GitHubOptions } from './client.ts'
import { keepComment } from './comments.ts'
import { compareCommits } from './compare-commits.ts'
import { setStatus } from './deployments.ts'
import { closePullRequest, mergePullRequest } from './end-pull-request.ts'
import { findMerge, keepMerge } from './merge-requests.ts'
import { readPullRequest } from './pull-requests.ts'
import { findCommit, headOf, keepBranch, removeBranch } from './refs.ts'
import { listTags, makeTag, tagCommit } from './tags.ts'

/** A repository that applications are built from. */
export function createSourceHost(options: GitHubOptions): SourceHost {
  const client = new GitHubClient(options)
  const { owner, repo } = options.address
  return {
    name: `${owner}/${repo}`,
    async repository() {
      const { html_url: url, default_branch: defaultBranch } = await client.read('GET /repos/{owner}/{repo}', {})
      return { url, defaultBranch }
    },
    branchHead: (branch) => headOf(client, branch),
    findCommit: (name) => findCommit(client, name),
    keepBranch: (branch, commit) => keepBranch(client, branch, commit),
    removeBranch: (branch) => removeBranch(client, branch),
    compare: (base, head) => compareCommits(client, base, head),
    findMerge: (branches) => findMerge(client, branches),
    keepMerge: (request) => keepMerge(client, request),
    pullRequest: (number) => readPullRequest(client, number),
    closePullRequest: (number) => closePullRequest(client, number),
    mergePullRequest: (number, head) => mergePullRequest(client, number, head),
    keepComment: (number, name, text) => keepComment(client, number, name, text),
    setStatus: (status) => setStatus(client, status),
    tags: () => listTags(client),
    tagCommit: (name) => tagCommit(client, name),
    makeTag: (name, commit) => makeTag(client, name, commit),
  }
}
