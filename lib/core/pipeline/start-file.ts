import { pipelineGraph } from './graph.ts'
import { defaultConfig, wheelhouseFile } from './read-wheelhouse-yaml.ts'

/**
 * A `wheelhouse.yaml` to begin with: the pipeline that is inferred from the environments there are, so that writing it as
 * it is changes nothing, and examples that are commented out.
 */
export function startFile(present: readonly string[]): string {
  const { environments, edges, beside } = pipelineGraph(defaultConfig, present)
  const entries = environments.flatMap((name, index) => {
    const sources = edges.filter(({ to }) => to === name).map(({ from }) => from)
    const left = environments.slice(0, index).slice(-1)
    return sources.join() === left.join() ? [`  - ${name}`] : [`  - name: ${name}`, `    from: [${sources.join(', ')}]`]
  })
  return [
    `# ${wheelhouseFile} refines what is inferred from the directories under releases/. All of it is optional.`,
    '# Environments in the order of promotion: each takes what the one above it runs, unless it says from.',
    ...(entries.length > 0 ? ['environments:', ...entries] : ['# environments: [dev, stg, prod]']),
    ...(beside.length > 0 ? [`# Beside the pipeline, because nothing is promoted there: ${beside.join(', ')}`] : []),
    '',
    '# An environment with gates changes only through a promotion that passes them:',
    '#  - name: prod',
    '#    gates:',
    '#      health: true',
    '#      soak: 30m',
    '#      approvals: 1',
    '#      freeze:',
    '#        - reason: Weekend',
    '#          weekly: {from: Fri 18:00, to: Mon 07:00}',
    '#          zone: Europe/Berlin',
    '',
  ].join('\n')
}
