import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../manifest/index.ts'
import { findUnstable, suspectTemplates, withFailingCalls } from './find-unstable.ts'
import { makePlan } from './make-plan.ts'
import { parseRendered } from './parse-rendered.ts'
import { keyedMask, planDigest, type PlanFacts } from './plan-digest.ts'
import type { DryRun, PlannedHook, RenderedObject } from './types.ts'

const hide = keyedMask('key')

const deployment = (image: string, more: Partial<KubeObject> = {}, replicas = 2): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'podinfo', namespace: 'dev' },
  spec: { replicas, template: { spec: { containers: [{ name: 'podinfod', image }] } } },
  ...more,
})

/** As the server returns it: defaults filled in, bookkeeping around it. */
function asLive(object: KubeObject, managers: KubeObject['metadata']['managedFields'] = []): KubeObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: 'u1',
      resourceVersion: '77',
      generation: 3,
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: managers,
      annotations: { ...object.metadata.annotations, 'deployment.kubernetes.io/revision': '3' },
    },
    status: { replicas: 2, readyReplicas: 2 },
  }
}

const accepted = (object: KubeObject): DryRun => ({ kind: 'accepted', object })

function one(rendered: KubeObject, live: KubeObject | undefined, dryRun: DryRun = accepted(rendered)): RenderedObject {
  const { namespace = '<cluster>', name } = rendered.metadata
  return { id: `${namespace}:${rendered.kind.toLowerCase()}/${name}`, rendered, live, dryRun }
}

const plan = (
  rendered: RenderedObject[],
  standing: { object: KubeObject; live: KubeObject | undefined }[] = [],
  hooks: PlannedHook[] = [],
) => makePlan({ rendered, standing, namespace: 'dev', hooks, risks: [], hide })

const object = (kind: string, more: Partial<KubeObject> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x', namespace: 'dev' },
  ...more,
})

describe('makePlan', () => {
  const before = deployment('podinfo:1')
  const after = deployment('podinfo:2')
  const rows: [label: string, rendered: RenderedObject, change: string, risks: string[]][] = [
    ['not there yet', one(after, undefined), 'created', []],
    ['the same but for bookkeeping', one(before, asLive(before)), 'unchanged', []],
    ['another image restarts its pods', one(after, asLive(before)), 'changed', ['restarts']],
    ['another number of replicas restarts none', one(deployment('podinfo:1', {}, 3), asLive(before)), 'changed', []],
    [
      'an immutable field',
      one(after, asLive(before), { kind: 'refused', message: 'spec.selector: field is immutable' }),
      'changed',
      ['fails', 'restarts'],
    ],
    ['a role', one(object('Role'), undefined), 'created', ['rbac']],
    ['a definition', one(object('CustomResourceDefinition'), undefined), 'created', ['definition']],
  ]
  it.each(rows)('%s', (_label, rendered, change, risks) => {
    const made = plan([rendered])
    expect(made.objects.map((entry) => entry.change)).toEqual([change])
    expect(made.risks.map(({ kind }) => kind)).toEqual(risks)
  })

  const gone: [label: string, object: KubeObject, change: string[], risks: string[]][] = [
    ['a config map goes', object('ConfigMap'), ['deleted'], ['deletes']],
    ['a claim goes with its data', object('PersistentVolumeClaim'), ['deleted'], ['deletes-data']],
    [
      'one that asks to stay stays',
      object('ConfigMap', {
        metadata: { name: 'x', namespace: 'dev', annotations: { 'helm.sh/resource-policy': 'keep' } },
      }),
      ['kept'],
      [],
    ],
  ]
  it.each(gone)('%s', (_label, standing, change, risks) => {
    const made = plan([], [{ object: standing, live: asLive(standing) }])
    expect(made.objects.map((entry) => entry.change)).toEqual(change)
    expect(made.risks.map(({ kind }) => kind)).toEqual(risks)
  })

  it('says nothing of what is gone already', () => {
    expect(plan([], [{ object: object('ConfigMap'), live: undefined }]).objects).toEqual([])
  })

  it('shows that a secret changes and never what to', () => {
    const secret = (value: string) => object('Secret', { data: { password: value } })
    const [changed] = plan([one(secret('bmV3'), asLive(secret('b2xk')))]).objects
    expect(changed).toMatchObject({ change: 'changed' })
    expect(`${changed?.before}${changed?.after}`).not.toMatch(/bmV3|b2xk/)
  })

  it('explains a checksum annotation', () => {
    const summed = (sum: string) =>
      deployment('podinfo:1', {
        spec: { replicas: 2, template: { metadata: { annotations: { 'checksum/config': sum } } } },
      })
    expect(plan([one(summed('b'), asLive(summed('a')))]).objects[0]?.notes).toEqual([
      'checksum/config changes because what it sums up does.',
    ])
  })

  it('names hooks, but no tests', () => {
    const hooks = [
      { kind: 'Job', name: 'migrate', events: ['pre-upgrade'] },
      { kind: 'Pod', name: 'check', events: ['test'] },
    ]
    expect(plan([], [], hooks).risks.map(({ subject }) => subject)).toEqual(['Job/migrate'])
  })

  it('puts what fails first, what stays last', () => {
    const made = plan([
      one(before, asLive(before)),
      one(object('ConfigMap'), undefined),
      one(object('Service'), asLive(object('Service')), { kind: 'refused', message: 'immutable' }),
    ])
    expect(made.objects.map(({ kind }) => kind)).toEqual(['Service', 'ConfigMap', 'Deployment'])
  })
})

describe('planDigest', () => {
  const facts = (objects: RenderedObject[], more: Partial<PlanFacts> = {}): PlanFacts => ({
    blobs: { 'releases/prod/podinfo.yaml': 'b1' },
    images: { 'chart-image': 'sha256:1' },
    chart: 'tree:1',
    values: { replicaCount: 2 },
    objects,
    policy: 'semver:~0.4',
    gates: { approvals: 1 },
    way: 'retag',
    ...more,
  })
  const live = asLive(deployment('podinfo:1'))
  const known = planDigest(facts([one(deployment('podinfo:2'), live)]), hide)
  const scaled: KubeObject = {
    ...live,
    metadata: {
      ...live.metadata,
      managedFields: [
        { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      ],
    },
  }
  const withReplicas = (object_: KubeObject, replicas: number): KubeObject => ({
    ...object_,
    spec: { ...(object_.spec as object), replicas },
  })

  const rows: [label: string, objects: RenderedObject[], more: Partial<PlanFacts>, same: boolean][] = [
    ['nothing changed', [one(deployment('podinfo:2'), live)], {}, true],
    ['status and version of the live object', [one(deployment('podinfo:2'), { ...live, status: {} })], {}, true],
    ['a field nobody renders', [one(deployment('podinfo:2'), { ...live, other: 1 })], {}, true],
    ['an edit by hand of a field it sets', [one(deployment('podinfo:2'), withReplicas(live, 5))], {}, false],
    ['another rendering', [one(deployment('podinfo:3'), live)], {}, false],
    ['the object is gone', [one(deployment('podinfo:2'), undefined)], {}, false],
    ['the document', [one(deployment('podinfo:2'), live)], { blobs: { 'releases/prod/podinfo.yaml': 'b2' } }, false],
    ['an image digest', [one(deployment('podinfo:2'), live)], { images: { 'chart-image': 'sha256:2' } }, false],
    ['the chart', [one(deployment('podinfo:2'), live)], { chart: 'tree:2' }, false],
    ['the values', [one(deployment('podinfo:2'), live)], { values: { replicaCount: 3 } }, false],
    ['the policy', [one(deployment('podinfo:2'), live)], { policy: 'semver:~0.5' }, false],
    ['the gates', [one(deployment('podinfo:2'), live)], { gates: {} }, false],
    ['the way', [one(deployment('podinfo:2'), live)], { way: 'commit' }, false],
  ]
  it.each(rows)('%s', (_label, objects, more, same) => {
    expect(planDigest(facts(objects, more), hide) === known).toBe(same)
  })

  it('leaves replicas to an autoscaler', () => {
    const of = (replicas: number) =>
      planDigest(facts([one(deployment('podinfo:2'), withReplicas(scaled, replicas))]), hide)
    expect(of(7)).toBe(of(3))
  })

  it('leaves them to one that has not set any yet, too', () => {
    const autoscaler: KubeObject = {
      ...object('HorizontalPodAutoscaler'),
      spec: { scaleTargetRef: { kind: 'Deployment', name: live.metadata.name } },
    }
    const of = (replicas: number) =>
      planDigest(facts([one(deployment('podinfo:2'), withReplicas(live, replicas)), one(autoscaler, undefined)]), hide)
    expect(of(7)).toBe(of(3))
  })

  it('binds the data of a secret without holding it', () => {
    const of = (value: string) => planDigest(facts([one(object('Secret', { data: { a: value } }), undefined)]), hide)
    expect(of('b25l')).not.toBe(of('dHdv'))
  })
})

describe('findUnstable', () => {
  const source = (path: string, text: string) => `---\n# Source: ${path}\n${text}\n`
  const path = 'app/templates/a.yaml'
  const [stable, other] = [source(path, 'a: 1'), source(path, 'a: 2')]
  const rendered = (manifest: string) => ({ kind: 'rendered', manifest }) as const
  const failed = (...places: string[]) =>
    ({ kind: 'failed', message: places.map((place) => `${place}\n  executing "x" at <fail>:`).join('\n') }) as const
  /** `renders`: the second rendering; `fails`: where a call was reached, if one was. */
  const look = (texts: Record<string, string>, renders: string, fails?: string[]) => {
    const suspects = suspectTemplates(Object.entries(texts).map(([at, text]) => ({ path: at, text })))
    const withFailing = fails ? failed(...fails) : rendered(stable)
    return findUnstable(stable, { again: renders, withFailing }, suspects)
  }

  const named: [label: string, template: string, functions: string[]][] = [
    ['nothing of the kind', 'a: {{ .Values.a }}', []],
    ['in a comment', '{{/* uses randAlphaNum */}}a: 1', []],
    ['in a trimmed comment', '{{- /* uses randAlphaNum */ -}}a: 1', []],
    ['in a comment with an action in it', '{{- /* {{ uuidv4 }}\n}} now */}}{{ .Values.a }}', []],
    ['in a string', 'a: {{ "now or never" | quote }}', []],
    ['in a string that seems to end the action', 'a: {{ "}} {{ now" | quote }}', []],
    ['after a quote in a string', 'a: {{ "\\"" | quote }} b: {{ now }}', ['now']],
    ['in a raw string', 'a: {{ `\n now \\` }}', []],
    ['as a value of its own', 'a: {{ .Values.now }}', []],
    ['as a variable', '{{ $now := 1 }}{{ $now }}', []],
    ['outside of actions', 'now: lookup', []],
    ['with a field of its answer', 'a: {{ now.Year }}', ['now']],
    ['without a space', '{{-(lookup "v1" "Secret" "n" "x").data|quote}}', ['lookup']],
    ['after text in quotes of YAML', `a: "it's {{ uuidv4 }}"`, ['uuidv4']],
    ['in an action that never ends', 'a: {{ now ', ['now']],
    ['of two, the longer', 'a: {{ randAlphaNum 8 }}', ['randAlphaNum']],
  ]
  it.each(named)('%s', (_label, text, functions) => {
    const found = look({ [path]: text }, other).refused.map(({ says }) => says)
    const says = functions.length === 0 ? 'Two renderings of the same chart' : `${path} uses ${functions.join(', ')}:`
    expect(found).toEqual([expect.stringContaining(says)])
  })

  it('marks what was called, and the line alone of several', () => {
    const helpers = '{{ define "x" }}\n{{ (lookup "v1" "Secret" "n" "x").data }}\n{{ uuidv4 }}{{ end }}'
    const texts = { [path]: '{{ include "x" . }}{{ if .Values.a }}{{ now }}{{ end }}', 'app/templates/_x.tpl': helpers }
    expect(look(texts, stable, [`${path}:1:4`, 'app/templates/_x.tpl:2:4'])).toEqual({
      refused: [],
      marks: [
        { kind: 'unstable', subject: 'app/templates/_x.tpl', says: expect.stringContaining('uses lookup:') as string },
      ],
    })
  })

  it('says nothing of what is never called, wherever its text is shown', () => {
    const shown = source(path, 'a: "{{ now }}"')
    const suspects = [{ path, text: '{{ if false }}{{ uuidv4 }}{{ end }}' }]
    const withFailing = rendered(source(path, 'a: "{{ fail }}"'))
    expect(findUnstable(shown, { again: shown, withFailing }, suspects)).toEqual({ refused: [], marks: [] })
  })

  it('marks all suspects where nobody knows which was called', () => {
    const texts = { [path]: '{{ tpl .Values.a . }}{{ if .Values.b }}{{ ago }}{{ end }}', 'spec.values': '{{ now }}' }
    const { marks } = look(texts, stable, [`${path}:1:4`, 'gotpl:1:3'])
    expect(marks.map(({ subject }) => subject)).toEqual([path, 'spec.values'])
  })

  const refusals: [label: string, texts: Record<string, string>, fails: string[], subjects: string[]][] = [
    [
      'names the template that differs and not its neighbour',
      { [path]: '{{ randAlpha 3 }}', 'app/templates/b.yaml': '{{ uuidv4 }}' },
      [`${path}:1:3`],
      [path],
    ],
    [
      'names the helper that was called and no other',
      { 'app/templates/_a.tpl': '{{ genCA "a" 1 }}', 'app/templates/_b.tpl': '{{ uuidv4 }}' },
      [`${path}:1:3`, 'app/templates/_b.tpl:1:3'],
      ['app/templates/_b.tpl'],
    ],
    ['names an order that nobody gave', { [path]: '{{ keys .Values.a | join "," }}' }, [`${path}:1:3`], [path]],
    ['names values that are templates', { 'spec.values': '{{ uuidv4 }}' }, ['gotpl:1:3'], ['spec.values']],
  ]
  it.each(refusals)('%s', (_label, texts, fails, subjects) => {
    const { refused, marks } = look(texts, other, fails)
    expect([refused.map(({ subject }) => subject), marks]).toEqual([subjects, []])
  })

  it.each(['app/templates/NOTES.txt', 'app/charts/b/templates/NOTES.txt', 'app/templates/tests/t.yaml'])(
    'leaves %s out, which is no part of the manifest',
    (at) => {
      const text = '{{ randAlpha 3 }}'
      expect([suspectTemplates([{ path: at, text }]), withFailingCalls(text, at)]).toEqual([[], text])
    },
  )

  it('makes calls fail and leaves all else as it is', () => {
    const text = '# now\n{{- /* now */ -}}\n{{ "now" }} {{ now.Year }} {{ .now }} {{\n  uuidv4 | quote }}'
    expect(withFailingCalls(text)).toBe(
      '# now\n{{- /* now */ -}}\n{{ "now" }} {{ fail.Year }} {{ .now }} {{\n  fail | quote }}',
    )
  })
})

describe('parseRendered', () => {
  it('reads objects with the template they come from', () => {
    const manifest =
      '---\n# Source: app/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n# nothing\n'
    expect(parseRendered(manifest)).toEqual([
      { object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, source: 'app/templates/a.yaml' },
    ])
  })

  it('reads scalars as Helm does', () => {
    const [read] = parseRendered('apiVersion: v1\nkind: A\nmetadata: {name: a}\nmode: 0644\nflag: y\nat: 12:30\n')
    expect(read?.object).toMatchObject({ mode: 420, flag: true, at: '12:30' })
  })

  it('reads the items of lists, of which some leave out what they are', () => {
    const list = (kind: string, items: string) => `---\n# Source: l\napiVersion: v1\nkind: ${kind}\nitems:\n${items}`
    const named = (kind: string, name: string) => `- {apiVersion: v1, kind: ${kind}, metadata: {name: ${name}}}\n`
    const manifest =
      list('List', named('Secret', 'a') + named('ConfigMap', 'b')) + list('ConfigMapList', '- {metadata: {name: c}}\n')
    const found = parseRendered(manifest).map(({ object: { kind, metadata }, source }) => [kind, metadata.name, source])
    expect(found).toEqual([
      ['Secret', 'a', 'l'],
      ['ConfigMap', 'b', 'l'],
      ['ConfigMap', 'c', 'l'],
    ])
  })
})
