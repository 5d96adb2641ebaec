import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Risk } from '#lib/core/plan/index.ts'
import { dependencyCharts } from '#test/fixtures/plan-charts/dependencies.ts'
import { objectCharts, widgets } from '#test/fixtures/plan-charts/objects.ts'
import { configMap, filesOf, type PlanChart, type UnstableChart } from '#test/fixtures/plan-charts/plan-chart.ts'
import { templatingCharts } from '#test/fixtures/plan-charts/templating.ts'
import { changingCharts, harmlessCharts, markedCharts } from '#test/fixtures/plan-charts/unstable.ts'
import { releaseFile, startPlanningInTest, type PlanningInTest } from '#test/fixtures/planning-in-test.ts'

const steadyCharts = [...templatingCharts, ...dependencyCharts, ...objectCharts]
let planning: PlanningInTest

beforeAll(async () => {
  planning = await startPlanningInTest()
  const words = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'changes', namespace: 'dev' },
    data: { word: 'a' },
  }
  await planning.cluster.apply(words, { fieldManager: 'test', force: false })
  const charts: readonly (PlanChart | UnstableChart)[] = [
    ...steadyCharts,
    ...harmlessCharts,
    ...changingCharts,
    ...markedCharts,
  ]
  const files = charts.map((chart) => ({ ...filesOf(chart), ...releaseFile(chart.name, chart.values ?? []) }))
  await planning.push(Object.assign({}, ...files) as Parameters<PlanningInTest['push']>[0])
}, 900_000)
afterAll(() => planning?.close(), 120_000)

async function planned(name: string, values: readonly string[]) {
  const answer = await planning.plan(name, values)
  if (answer.kind === 'refused') throw new Error(`${name} is refused: ${answer.problem.message}`)
  return answer
}

const unstable = (risks: readonly Risk[]) => risks.filter(({ kind }) => kind === 'unstable')

describe('what is planned is what Helm keeps, byte for byte', () => {
  it.each([...steadyCharts, ...harmlessCharts])('$name', async ({ name, values, after }) => {
    for (const wanted of [values, after]) {
      const { manifest, plan } = await planned(name, wanted)
      const hooks = plan.hooks.map((hook) => `${hook.kind}/${hook.name}`)
      expect(plan.objects.filter(({ fails }) => fails !== undefined)).toEqual([])
      await planning.deploy(name, wanted)
      expect(manifest).toBe(await planning.manifestOf(name))
      expect(hooks.toSorted()).toEqual(await planning.hooksOf(name))
    }
  })
})

describe('what only names a function that answers differently each time', () => {
  it.each(harmlessCharts)('$name is planned without a word of it', async ({ name, after }) => {
    expect(unstable((await planned(name, after)).plan.risks)).toEqual([])
  })
})

describe('definitions that a chart brings beside its templates', () => {
  const { values } = objectCharts.find(({ name }) => name === 'definitions') ?? { values: [] }
  const definitions = (risks: readonly Risk[]) => risks.filter(({ kind }) => /definition/.test(kind))
  const where = 'definitions/crds/widgets.yaml'
  const name = 'CustomResourceDefinition widgets.plan.example.test'

  it('are not spoken of while they are what the cluster has', async () => {
    expect(definitions((await planned('definitions', values)).plan.risks)).toEqual([])
  })

  it('are named once they are others, for Helm leaves what is there', async () => {
    await planning.push({
      'charts/definitions/crds/widgets.yaml': { text: widgets(', properties: { size: { type: integer } }') },
    })
    expect(definitions((await planned('definitions', values)).plan.risks)).toEqual([
      { kind: 'newer-definitions', subject: where, says: expect.stringContaining(`another ${name}`) as string },
    ])
  })

  it('are among the kinds that templates ask for, before they are there', async () => {
    const asks = '{{ .Capabilities.APIVersions.Has "plan.example.test/v1/Sprocket" | quote }}'
    const sprockets = widgets()
      .replaceAll(/widget/g, 'sprocket')
      .replaceAll('Widget', 'Sprocket')
    const files = { 'crds/sprockets.yaml': sprockets, 'templates/a.yaml': configMap(`known: ${asks}`) }
    await planning.push({ ...filesOf({ name: 'to-come', files }), ...releaseFile('to-come', []) })
    expect((await planned('to-come', [])).manifest).toContain('known: "true"')
  })

  it('are named where they are missing and nobody creates them', async () => {
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' }
    await planning.push({
      'charts/definitions/crds/more.yaml': {
        text: widgets()
          .replaceAll(/widget/g, 'gadget')
          .replaceAll('Widget', 'Gadget'),
      },
    })
    const { plan } = await planned('definitions', values)
    expect(definitions(plan.risks).map(({ says }) => says)).toContainEqual(
      expect.stringContaining('CustomResourceDefinition gadgets.plan.example.test, which the cluster does not have'),
    )
    expect(await planning.cluster.get({ ...definition, name: 'gadgets.plan.example.test' })).toBeUndefined()
  })
})

describe('what cannot be foretold', () => {
  it.each(changingCharts)('$name is refused', async ({ name, values, names, where }) => {
    expect(await planning.plan(name, values ?? [])).toMatchObject({
      kind: 'refused',
      problem: { code: 'chart-unstable', message: expect.stringContaining(`${where} uses ${names}:`) as string },
    })
  })

  it.each(markedCharts)('$name is marked', async ({ name, values, names, where }) => {
    expect(unstable((await planned(name, values ?? [])).plan.risks)).toEqual([
      { kind: 'unstable', subject: where, says: expect.stringContaining(`${where} uses ${names}:`) as string },
    ])
  })

  it('is another plan once what was looked up has changed', async () => {
    const before = await planned('changing-lookup', [])
    const words = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'changes', namespace: 'dev' },
      data: { word: 'b' },
    }
    await planning.cluster.apply(words, { fieldManager: 'test', force: false })
    expect((await planned('changing-lookup', [])).digest).not.toBe(before.digest)
  })
})
