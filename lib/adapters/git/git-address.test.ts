import { describe, expect, it } from 'vitest'
import { parseGitAddress } from './git-address.ts'
import { gitEnvironment } from './git-environment.ts'

describe('parseGitAddress', () => {
  it.each([
    ['https', 'https://git.example.test/team/config.git', 'http', 'https'],
    ['http', 'http://git.example.test:3000/config.git', 'http', 'http'],
    ['ssh URL', 'ssh://git@git.example.test/team/config.git', 'ssh', 'ssh'],
    ['scp-like', 'git@git.example.test:team/config.git', 'ssh', 'ssh'],
    ['absolute path', '/srv/git/config.git', 'local', 'file'],
    ['file URL', 'file:///srv/git/config.git', 'local', 'file'],
  ])('reads %s', (_label, text, kind, allowedProtocols) => {
    expect(parseGitAddress(text)).toMatchObject({ kind, allowedProtocols })
  })

  it.each([
    ['a helper', 'ext::sh -c whoami'],
    ['a helper without spaces', 'ext::whoami'],
    ['an option', '--upload-pack=touch'],
    ['an option as host', 'ssh://-oProxyCommand=x/config.git'],
    ['an option as scp host', 'git@-oProxyCommand=x:config.git'],
    ['an option as scp path', 'git@host:--x'],
    ['a relative path', '../config.git'],
    ['a file on another host', 'file://server/config.git'],
    ['the git protocol', 'git://git.example.test/config.git'],
    ['a line break', 'https://git.example.test/\nx'],
    ['nothing', ''],
  ])('refuses %s', (_label, text) => {
    expect(() => parseGitAddress(text)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('takes credentials out of the address', () => {
    expect(parseGitAddress('https://me:p%40ss@git.example.test/x.git')).toMatchObject({
      url: 'https://git.example.test/x.git',
      username: 'me',
      password: 'p@ss',
    })
  })
})

describe('gitEnvironment', () => {
  const parent = {
    PATH: '/bin',
    HOME: '/home/me',
    GIT_DIR: '/elsewhere',
    GIT_CONFIG_GLOBAL: '/x',
    AWS_SECRET: 'canary',
  }

  it('passes nothing on but the few variables Git needs', () => {
    const env = gitEnvironment('/data/m', parseGitAddress('/srv/x.git'), {}, parent)
    expect(JSON.stringify(env)).not.toContain('canary')
    expect(env).toMatchObject({ PATH: '/bin', HOME: '/data/m', GIT_DIR: '/data/m', GIT_CONFIG_GLOBAL: '/dev/null' })
    expect(env['GIT_ALLOW_PROTOCOL']).toBe('file')
  })

  const sshCommandOf = (strict: boolean, keyFiles = ["/data/it's $(here)/key"]) => {
    const ssh = { keyFiles, knownHostsFile: '/data/known', strict }
    return gitEnvironment('/data/m', parseGitAddress('git@host:x.git'), { ssh }, parent)['GIT_SSH_COMMAND']
  }

  it('quotes what the shell of GIT_SSH_COMMAND would read', () => {
    expect(sshCommandOf(true)).toContain(`'-i' '/data/it'\\''s $(here)/key'`)
  })

  it('takes no key of a host that is known but the one that is, and never just any', () => {
    expect(sshCommandOf(true)).toContain("'StrictHostKeyChecking=yes'")
    expect(sshCommandOf(false)).toContain("'StrictHostKeyChecking=accept-new'")
    const bare = gitEnvironment('/data/m', parseGitAddress('git@host:x.git'), {}, parent)['GIT_SSH_COMMAND']
    expect(bare).toContain("'StrictHostKeyChecking=yes'")
  })

  it('offers no key of the account it runs in', () => {
    expect(sshCommandOf(true, [])).toContain("'IdentityFile=none'")
    expect(sshCommandOf(true)).toContain("'IdentityAgent=none'")
  })
})
