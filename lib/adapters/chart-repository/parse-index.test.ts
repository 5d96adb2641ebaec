import { describe, expect, it } from 'vitest'
import { chartVersions } from './parse-index.ts'

const byHelm = `apiVersion: v1
entries:
  podinfo:
  - apiVersion: v2
    description: |
      other:
        text
    name: podinfo
    urls:
    - podinfo-1.10.tgz
    version: 1.10
  - name: podinfo
    digest: abc
    urls: [https://elsewhere.test/podinfo-0.2.0.tgz]
    version: 0.2.0
  podinfo-extra:
  - urls: [x.tgz]
    version: 9.9.9
generated: "2018-11-05T00:00:00Z"
`

const versions = (text: string, name = 'podinfo') => chartVersions(text, name).map(({ version }) => version)

describe('chartVersions', () => {
  const large = `${'# filler\n'.repeat(300_000)}${byHelm}`

  it.each([
    ['as Helm writes it', byHelm, ['1.10', '0.2.0']],
    ['large', large, ['1.10', '0.2.0']],
    [
      'quoted and indented further',
      'entries:\n    "podinfo":\n      - version: "1.0.0"\n        urls: [a]\n',
      ['1.0.0'],
    ],
    ['JSON', '{"entries":{"podinfo":[{"version":"1.0.0","urls":["a"]}]}}', ['1.0.0']],
    ['an entry without address', 'entries:\n  podinfo:\n  - version: 1.0.0\n', []],
    ['no entries', 'apiVersion: v1\nentries: {}\n', []],
    ['anchors', 'entries:\n  a: &a\n  - {version: 1.0.0, urls: [a]}\n  podinfo: *a\n', ['1.0.0']],
  ])('reads %s', (_label, text, expected) => {
    expect(versions(text)).toEqual(expected)
  })

  it('tells charts apart whose names begin alike', () => {
    expect(versions(byHelm, 'podinfo-extra')).toEqual(['9.9.9'])
    expect(versions(byHelm, 'other')).toEqual([])
  })

  it.each([
    ['text', 'just text'],
    ['broken YAML', 'entries: {'],
    ['a list', '- a'],
  ])('throws for %s', (_label, text) => {
    expect(() => versions(text)).toThrow(expect.objectContaining({ code: 'chart-unavailable' }))
  })
})
