import type { GitAddress, GitIdentity } from './git-address.ts'

/** The few variables of ours that a Git child may see: how to find programs and how to leave the network. */
const inherited = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'TMPDIR']

/** The whole environment of every Git child: nobody's configuration, no prompts, one protocol, credentials outside argv. */
export function gitEnvironment(
  mirrorDir: string,
  address: GitAddress,
  identity: GitIdentity,
  parent: Record<string, string | undefined>,
): Record<string, string> {
  const env: Record<string, string> = {
    HOME: mirrorDir,
    LC_ALL: 'C',
    GIT_DIR: mirrorDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_ALLOW_PROTOCOL: address.allowedProtocols,
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
  }
  for (const name of inherited) {
    const value = parent[name]
    if (value !== undefined) env[name] = value
  }
  if (address.kind === 'ssh') env['GIT_SSH_COMMAND'] = sshCommand(identity)
  const username = identity.username ?? address.username
  const password = identity.password ?? address.password
  if (address.kind === 'http' && password !== undefined) {
    const basic = Buffer.from(`${username ?? ''}:${password}`).toString('base64')
    // Sent with the first request, which saves the round trip of a 401; redirects are off (see the mirror's
    // configuration), so that the header never reaches another host.
    env['GIT_CONFIG_COUNT'] = '1'
    env['GIT_CONFIG_KEY_0'] = `http.${address.url}.extraHeader`
    env['GIT_CONFIG_VALUE_0'] = `Authorization: Basic ${basic}`
  }
  return env
}

/** Git hands this to a shell, hence the quotes. Nobody's configuration, agent or keys but those given. */
function sshCommand({ ssh }: GitIdentity): string {
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'PreferredAuthentications=publickey',
    'LogLevel=ERROR',
    'ConnectTimeout=10',
    'ServerAliveInterval=10',
    'UpdateHostKeys=no',
    'HashKnownHosts=no',
    `StrictHostKeyChecking=${ssh?.strict === false ? 'accept-new' : 'yes'}`,
    'GlobalKnownHostsFile=/dev/null',
    `UserKnownHostsFile=${ssh?.knownHostsFile ?? '/dev/null'}`,
    ...(ssh && ssh.keyFiles.length > 0 ? [] : ['IdentityFile=none']),
  ]
  const keys = (ssh?.keyFiles ?? []).flatMap((file) => ['-i', file])
  const words = ['ssh', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option]), ...keys]
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
}

/** What must never be seen in a message that a Git child prints. */
export function secretsOf(address: GitAddress, identity: GitIdentity): string[] {
  const passwords = [identity.password, address.password].filter((secret) => secret !== undefined && secret !== '')
  return passwords.flatMap((secret) => {
    const basic = Buffer.from(`${identity.username ?? address.username ?? ''}:${secret}`).toString('base64')
    return [String(secret), encodeURIComponent(String(secret)), basic]
  })
}
