/** Which repository is meant, and where the API of its host answers. */
export interface GitHubAddress {
  owner: string
  repo: string
  /** Without a trailing slash: `https://api.github.com`, `https://github.example.com/api/v3`. */
  apiUrl: string
}

/**
 * Reads the Git URL of a repository on github.com or a GitHub Enterprise Server; undefined for what cannot be one: SSH and
 * local paths, whose credentials are no tokens, paths of another depth than `owner/repository`, and hosts other than that of
 * `apiUrl`, which the credential is not for.
 */
export function readGitHubAddress(repositoryUrl: string, apiUrl?: string): GitHubAddress | undefined {
  const url = URL.canParse(repositoryUrl) ? new URL(repositoryUrl) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol)) return undefined
  const [, owner, repo] = /^\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url.pathname) ?? []
  if (owner === undefined || repo === undefined) return undefined
  const api = new URL(apiUrl ?? apiOf(url))
  const host = url.hostname.replace(/^www\./, '')
  if (api.hostname !== host && api.hostname !== `api.${host}`) return undefined
  return { owner, repo, apiUrl: api.href.replace(/\/+$/, '') }
}

function apiOf(url: URL): string {
  return /^(www\.)?github\.com$/i.test(url.hostname) ? 'https://api.github.com' : `${url.origin}/api/v3`
}
