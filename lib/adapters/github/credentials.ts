import { createAppAuth } from '@octokit/auth-app'
import type { request } from '@octokit/request'
import { GitHubRefusal } from './github-fault.ts'

/** What the installation gives us at GitHub. */
export type GitHubCredential =
  | { kind: 'token'; token: string }
  /** `privateKey`: PEM, as GitHub hands it out. */
  | { kind: 'app'; appId: string; privateKey: string }

export interface Credentials {
  readonly kind: GitHubCredential['kind']
  /** For everything in the repository. `anew` = the last one was turned away; a token given to us stays the same. */
  token(anew?: boolean): Promise<string>
  /** For what a GitHub App asks about itself; undefined where we are none. */
  appToken(): Promise<string | undefined>
}

/** Tells where the App is installed; asked with the App's own token. */
export type FindInstallation = (appToken: string) => Promise<number>

/** `send` reaches the API; it must not follow redirects and throws Fault. */
export function createCredentials(
  credential: GitHubCredential,
  send: typeof request,
  findInstallation: FindInstallation,
): Credentials {
  if (credential.kind === 'token') {
    return { kind: 'token', token: () => Promise.resolve(credential.token), appToken: () => Promise.resolve(undefined) }
  }
  const { appId, privateKey } = credential
  const auth = createAppAuth({ appId, privateKey, request: send, log: silent })
  const appToken = async () => (await auth({ type: 'app' })).token
  let known: Promise<number> | undefined
  const installation = async () => {
    known ??= appToken().then(findInstallation)
    return known.catch((error: unknown) => {
      known = undefined
      throw error
    })
  }
  const token = async (anew = false): Promise<string> => {
    // Installed again, it has another number.
    if (anew) known = undefined
    const installationId = await installation()
    try {
      // Kept until shortly before it runs out, an hour later.
      return (await auth({ type: 'installation', installationId, refresh: anew })).token
    } catch (error) {
      if (!anew && error instanceof GitHubRefusal && error.status === 404) return token(true)
      throw error
    }
  }
  return { kind: 'app', appToken, token }
}

/** What goes wrong is thrown, and told by whoever catches it. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {}
