import { describe, expect, it } from 'vitest'
import { loosenedBy } from './loosened-by.ts'
import { defaultConfig, readWheelhouseYaml } from './read-wheelhouse-yaml.ts'
import { rulesOf } from './promotion-rules.ts'

const gated = (gates: string, from = '') =>
  readWheelhouseYaml(`environments:\n  - dev\n  - stg\n  - name: prod\n${from}    gates: ${gates}\n`).config ??
  defaultConfig
const kept = new Map([['prod', rulesOf(gated('{approvals: 2, soak: 1h}'), 'prod')]])
const present = new Set(['dev', 'stg', 'prod'])

describe('loosenedBy', () => {
  const rows: [label: string, config: ReturnType<typeof gated>, what: string[]][] = [
    ['the same', gated('{approvals: 2, soak: 1h}'), []],
    ['stricter', gated('{approvals: 3, soak: 2h, health: true}'), []],
    ['fewer approvals', gated('{approvals: 1, soak: 1h}'), ['approvals go from 2 to 1']],
    ['another source', gated('{approvals: 2, soak: 1h}', '    from: dev\n'), ['dev may be the source instead of stg']],
    ['no file', defaultConfig, ['the soak goes from 1 h to 0 s', 'no approval is wanted']],
  ]
  it.each(rows)('%s', (_label, config, what) => {
    const found = loosenedBy(config, kept, present, 0)
    expect(found.flatMap(({ loosened }) => loosened.map((one) => one.what))).toEqual(what)
    expect(found.map(({ environment }) => environment)).toEqual(what.length > 0 ? ['prod'] : [])
  })

  it('is nothing where no rules are kept', () => {
    expect(loosenedBy(defaultConfig, new Map(), present, 0)).toEqual([])
  })
})
