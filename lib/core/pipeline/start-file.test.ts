import { describe, expect, it } from 'vitest'
import { noGates } from '../gate/index.ts'
import { pipelineGraph } from './graph.ts'
import { defaultConfig, readWheelhouseYaml } from './read-wheelhouse-yaml.ts'
import { startFile } from './start-file.ts'

const edges = (graph: ReturnType<typeof pipelineGraph>) => graph.edges.map(({ from, to }) => `${from} → ${to}`).sort()

describe('startFile', () => {
  const rows: [label: string, present: string[]][] = [
    ['three stages', ['prod', 'dev', 'stg']],
    ['with others beside them', ['dev', 'adm', 'prod', 'hotfix']],
    ['two spellings of one stage', ['dev', 'staging', 'stg', 'prod']],
    ['no stage at all', ['eu', 'us']],
    ['nothing', []],
  ]
  it.each(rows)('draws what is inferred: %s', (_label, present) => {
    const { config, problems } = readWheelhouseYaml(startFile(present))
    expect(problems).toEqual([])
    const [written, inferred] = [pipelineGraph(config ?? defaultConfig, present), pipelineGraph(defaultConfig, present)]
    expect(written.environments).toEqual(inferred.environments)
    expect(edges(written)).toEqual(edges(inferred))
    expect(written.beside).toEqual(inferred.beside)
    expect(config?.promotion).toEqual(
      Object.fromEntries(
        Object.entries(config?.promotion ?? {}).map(([name, rules]) => [name, { ...rules, gates: noGates }]),
      ),
    )
  })

  it('shows an example that can be read once its comment marks are gone', () => {
    const example = startFile(['dev', 'prod']).replaceAll(/^#(?= {2})/gm, '')
    const { config, problems } = readWheelhouseYaml(example.replace('  - prod\n', ''))
    expect(problems).toEqual([])
    expect(config?.promotion.prod?.gates).toMatchObject({ health: true, soakMs: 1_800_000, approvals: { count: 1 } })
  })
})
