import type { Config } from '#lib/config/config.ts'

/** What the environment gives a process to keep to itself. */
export function secretsInConfig(config: Config): string[] {
  const token = config.github?.kind === 'token' ? config.github.token : undefined
  const addresses = [config.repository, config.databaseUrl].map(passwordIn)
  return [token, config.hookSecret, config.workerKey, config.webKey, ...addresses].filter(
    (secret) => secret !== undefined && secret !== '',
  ) as string[]
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
