import { describe, expect, it } from 'vitest'
import { credentialsForHost } from './credentials-for-host.ts'

const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })
const config = (auths: Record<string, unknown>) => JSON.stringify({ auths })

describe('credentialsForHost', () => {
  it.each([
    ['the plain host', config({ 'ghcr.io': auth('me:p:w') }), 'ghcr.io', { username: 'me', password: 'p:w' }],
    ['a host with port', config({ 'r.test:5000': auth('a:b') }), 'r.test:5000', { username: 'a', password: 'b' }],
    ['another port', config({ 'r.test:5000': auth('a:b') }), 'r.test', undefined],
    ['a scheme and a path', config({ 'https://r.test/v1/': auth('a:b') }), 'r.test', { username: 'a', password: 'b' }],
    [
      'Docker Hub by its oldest name',
      config({ 'https://index.docker.io/v1/': auth('a:b') }),
      'index.docker.io',
      { username: 'a', password: 'b' },
    ],
    [
      'Docker Hub by its short name',
      config({ 'docker.io': auth('a:b') }),
      'index.docker.io',
      { username: 'a', password: 'b' },
    ],
    [
      'username and password apart',
      config({ 'r.test': { username: 'a', password: 'b' } }),
      'r.test',
      { username: 'a', password: 'b' },
    ],
    [
      'the host before one of its paths',
      config({ 'r.test/team': auth('t:t'), 'r.test': auth('a:b') }),
      'r.test',
      { username: 'a', password: 'b' },
    ],
    [
      'the older file without auths',
      JSON.stringify({ 'r.test': auth('a:b') }),
      'r.test',
      { username: 'a', password: 'b' },
    ],
    ['a host that only ends alike', config({ 'evil-r.test': auth('a:b') }), 'r.test', undefined],
    ['an entry left to a helper', config({ 'r.test': {} }), 'r.test', undefined],
    ['garbage in auth', config({ 'r.test': { auth: '%%%' } }), 'r.test', undefined],
    ['garbage', 'not json', 'r.test', undefined],
    ['a list', '[]', 'r.test', undefined],
  ])('reads %s', (_label, text, host, expected) => {
    expect(credentialsForHost(text, host)).toEqual(expected)
  })
})
