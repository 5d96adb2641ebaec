import { describe, expect, it } from 'vitest'
import { nextPage } from './next-page.ts'
import { parseChallenge } from './parse-challenge.ts'

const here = new URL('https://r.test:5000/v2/a/tags/list?n=2')

describe('nextPage', () => {
  it.each([
    ['no header', null, undefined],
    ['relative', '</v2/a/tags/list?last=x>; rel="next"', 'https://r.test:5000/v2/a/tags/list?last=x'],
    ['without quotes', '</v2/a?last=x>; rel=next', 'https://r.test:5000/v2/a?last=x'],
    ['behind another link', '</first>; rel="first", </v2/a?l=1>; rel="next"', 'https://r.test:5000/v2/a?l=1'],
    ['a proxy that forgets scheme and port', '<http://r.test/v2/a?l=1>; rel="next"', 'https://r.test:5000/v2/a?l=1'],
    ['another host', '<https://evil.test/v2/a>; rel="next"', 'elsewhere'],
    ['another host without scheme', '<//evil.test/v2/a>; rel="next"', 'elsewhere'],
    ['only a previous page', '</v2/a?l=0>; rel="prev"', undefined],
  ])('%s', (_label, header, expected) => {
    expect(nextPage(header, here)?.toString()).toBe(expected)
  })
})

describe('parseChallenge', () => {
  it.each([
    ['Basic', 'Basic realm="x"', { kind: 'basic' }],
    [
      'Bearer',
      'Bearer realm="https://auth.test/token",service="r.test",scope="repository:a:pull,push"',
      { kind: 'bearer', realm: new URL('https://auth.test/token'), service: 'r.test' },
    ],
    [
      'both',
      'Basic realm="x", Bearer realm="https://auth.test/token"',
      { kind: 'bearer', realm: new URL('https://auth.test/token'), service: undefined },
    ],
    ['Bearer without a realm', 'Bearer service="x"', undefined],
    ['something else', 'Negotiate', undefined],
    ['nothing', null, undefined],
  ])('reads %s', (_label, header, expected) => {
    expect(parseChallenge(header)).toEqual(expected)
  })
})
