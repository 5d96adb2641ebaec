import { describe, expect, it } from 'vitest'
import { readGitHubAddress } from './repository-address.ts'

describe('readGitHubAddress', () => {
  it.each([
    ['https://github.com/acme/config.git', undefined, 'acme', 'config', 'https://api.github.com'],
    ['https://github.com/acme/config', undefined, 'acme', 'config', 'https://api.github.com'],
    ['https://github.com/acme/my.config.git/', undefined, 'acme', 'my.config', 'https://api.github.com'],
    ['https://x:y@www.github.com/acme/config', undefined, 'acme', 'config', 'https://api.github.com'],
    ['https://git.acme.test/acme/config', undefined, 'acme', 'config', 'https://git.acme.test/api/v3'],
    ['http://127.0.0.1:3001/acme/config.git', undefined, 'acme', 'config', 'http://127.0.0.1:3001/api/v3'],
    ['https://acme.ghe.com/acme/config', 'https://api.acme.ghe.com/', 'acme', 'config', 'https://api.acme.ghe.com'],
    [
      'https://acme.test/acme/config',
      'https://acme.test:8443/api/v3',
      'acme',
      'config',
      'https://acme.test:8443/api/v3',
    ],
  ])('%s with API %s', (url, api, owner, repo, apiUrl) => {
    expect(readGitHubAddress(url, api)).toEqual({ owner, repo, apiUrl })
  })

  it.each([
    ['SSH, which has a key', 'git@github.com:acme/config.git'],
    ['SSH as a URL', 'ssh://git@github.com/acme/config.git'],
    ['a path of this machine', '/srv/git/config.git'],
    ['no owner', 'https://github.com/config.git'],
    ['more than a repository', 'https://github.com/acme/config/tree/main'],
  ])('leaves alone %s', (_label, url) => {
    expect(readGitHubAddress(url)).toBeUndefined()
  })

  it('takes no credential to a host that it is not for', () => {
    expect(readGitHubAddress('https://gitlab.com/acme/config', 'https://api.github.com')).toBeUndefined()
    expect(readGitHubAddress('https://github.com.evil.test/acme/config', 'https://api.github.com')).toBeUndefined()
  })
})
