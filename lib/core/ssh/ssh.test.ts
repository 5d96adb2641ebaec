import { describe, expect, it } from 'vitest'
import { deployKeyOf, knownHostsLine, parseHostKey, privateKeyFile, sshHostOf } from './index.ts'

/** RFC 8032 §7.1, test 1. */
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const own = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'

describe('a deploy key', () => {
  it('has the public half that belongs to its seed', () => {
    const { publicKey, fingerprint } = deployKeyOf(seed)
    const [type, blob = '', comment] = publicKey.split(' ')
    expect([type, comment]).toEqual(['ssh-ed25519', 'wheelhouse'])
    expect(Buffer.from(blob, 'base64').toString('hex')).toBe(
      `0000000b${Buffer.from('ssh-ed25519').toString('hex')}00000020${own}`,
    )
    expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
  })

  it('has a private half whose file holds seed and public half, in whole blocks', () => {
    const [head, ...lines] = privateKeyFile(seed).trim().split('\n')
    const body = Buffer.from(lines.slice(0, -1).join(''), 'base64')
    expect(head).toBe('-----BEGIN OPENSSH PRIVATE KEY-----')
    expect(body.subarray(0, 15).toString('latin1')).toBe('openssh-key-v1\0')
    expect(body.toString('hex')).toContain(`00000040${seed.toString('hex')}${own}`)
    const pair = body.length - body.indexOf(Buffer.alloc(8), 15 + 30)
    expect(pair % 8).toBe(0)
  })
})

/** As published by GitHub. */
const github = 'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

describe('parseHostKey', () => {
  it('reads what ssh-keyscan prints, with the fingerprint that is published', () => {
    const key = parseHostKey(`${github} a comment\n`)
    expect(key).toMatchObject({
      host: 'github.com',
      type: 'ssh-ed25519',
      fingerprint: 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
    })
    expect(knownHostsLine(key)).toBe(github)
  })

  it('reads a host with its port', () => {
    expect(parseHostKey(github.replace('github.com', '[Git.Example.test]:2222')).host).toBe('[git.example.test]:2222')
  })

  const [, , blob = ''] = github.split(' ')
  const rows: [label: string, line: string][] = [
    ['nothing', ''],
    ['no host', `ssh-ed25519 ${blob}`],
    ['a pattern of hosts', `*.com ssh-ed25519 ${blob}`],
    ['several hosts', `a.test,b.test ssh-ed25519 ${blob}`],
    ['a hashed host', `|1|aaaa|bbbb ssh-ed25519 ${blob}`],
    ['a mark before the host', `@cert-authority a.test ssh-ed25519 ${blob}`],
    ['an option in place of a host', `-oProxyCommand=x ssh-ed25519 ${blob}`],
    ['a type that the key is not of', `a.test ssh-rsa ${blob}`],
    ['a type that is none', `a.test ssh-dss ${blob}`],
    ['half a key', `a.test ssh-ed25519 ${blob.slice(0, 8)}`],
    ['a private key', 'a.test -----BEGIN OPENSSH PRIVATE KEY-----'],
  ]
  it.each(rows)('refuses %s', (_label, line) => {
    expect(() => parseHostKey(line)).toThrow('not the key of a host')
  })
})

describe('sshHostOf', () => {
  const rows: [address: string, host: string | undefined][] = [
    ['git@github.com:acme/config.git', 'github.com'],
    ['ssh://git@GitHub.com/acme/config.git', 'github.com'],
    ['ssh://git@git.example.test:22/config.git', 'git.example.test'],
    ['ssh://git@git.example.test:2222/config.git', '[git.example.test]:2222'],
    ['ssh://git@[::1]:2222/config.git', '[::1]:2222'],
    ['https://github.com/acme/config.git', undefined],
    ['/srv/git/config.git', undefined],
  ]
  it.each(rows)('%s is at %s', (address, host) => {
    expect(sshHostOf(address)).toBe(host)
  })
})
