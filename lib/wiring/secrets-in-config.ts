import type { Config } from '#lib/config/config.ts'
import type { FollowedRepository } from './followed-repository.ts'

/** What the environment gives a process to keep to itself. */
export function secretsInConfig(config: Config): string[] {
  const token = config.github?.kind === 'token' ? config.github.token : undefined
  const addresses = [config.repository, config.databaseUrl].map(passwordIn)
  return [token, config.hookSecret, config.workerKey, config.webKey, ...addresses].filter(
    (secret) => secret !== undefined && secret !== '',
  ) as string[]
}

/** The credential of the repository, whoever named it. */
export function secretsOfRepository({ github, login }: Pick<FollowedRepository, 'github' | 'login'>): string[] {
  const token = github?.credential.kind === 'token' ? [github.credential.token] : []
  return [...token, ...(login ? [login.password] : [])]
}

/** Decoded; each redactor looks for the encoded form too. */
function passwordIn(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined
  const { password, username, protocol } = new URL(address)
  // A token of a Git host may stand where a name is expected.
  const secret = password || (/^https?:$/.test(protocol) ? username : '')
  try {
    return decodeURIComponent(secret)
  } catch {
    return secret
  }
}
