import { describe, expect, it } from 'vitest'
import { readWheelhouseYaml } from './read-wheelhouse-yaml.ts'

const prod = (more: string) => `environments:\n  - dev\n  - name: prod\n    ${more}\n`

describe('each problem says what to do', () => {
  const rows: [label: string, text: string, line: number, suggestion: RegExp][] = [
    ['YAML that is none', 'environments: [dev\n', 2, /brackets/],
    [
      'an unknown key at the root',
      'gates: 1\n',
      1,
      /^Known there: environments, deletion, paths, applications, stop\.$/,
    ],
    ['an unknown key of an environment', prod('gatez: 1'), 4, /^Known there: name, .*gates/],
    [
      'an unknown gate',
      prod('gates: {soack: 1h}'),
      4,
      /^Known there: health, soak, checks, approvals, freeze, override\.$/,
    ],
    ['a bad duration', prod('gates: {soak: soon}'), 4, /How long the source must have been healthy/],
    ['a name used twice', 'environments:\n  - dev\n  - dev\n', 3, /Keep one/],
    ['a source that is none', prod('from: qa'), 4, /from dev/],
    ['a circle', 'environments:\n  - name: a\n    from: b\n  - name: b\n    from: a\n', 3, /from: \[\]/],
    ['a soak with no source', 'environments:\n  - name: a\n    gates: {soak: 1h}\n', 3, /leave this gate out/],
  ]
  it.each(rows)('%s', (_label, text, line, suggestion) => {
    const [problem] = readWheelhouseYaml(text).problems
    expect(problem).toMatchObject({ line, suggestion: expect.stringMatching(suggestion) })
  })
})
