import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../manifest/index.ts'
import { findUnstable } from './find-unstable.ts'
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
  const stable = source('app/templates/a.yaml', 'a: 1')
  const rows: [label: string, template: string, second: string, refused: string[], marks: string[]][] = [
    ['nothing of the kind', 'a: {{ .Values.a }}', stable, [], []],
    ['in a comment', '{{/* uses randAlphaNum */}}a: 1', stable, [], []],
    ['in a string', 'a: {{ "now or never" | quote }}', stable, [], []],
    ['as a value of its own', 'a: {{ .Values.now }}', stable, [], []],
    ['a lookup that answers the same', 'a: {{ (lookup "v1" "Secret" "n" "x").data }}', stable, [], ['lookup']],
    ['time that shows the same now', 'a: {{ now | date "2006" }}', stable, [], ['now']],
    ['random', 'a: {{ randAlphaNum 8 }}', source('app/templates/a.yaml', 'a: 2'), ['randAlphaNum'], []],
    ['differs for no reason to be seen', 'a: {{ .Values.a }}', source('app/templates/a.yaml', 'a: 2'), ['differ'], []],
  ]
  it.each(rows)('%s', (_label, text, second, refused, marks) => {
    const found = findUnstable(stable, second, [{ path: 'app/templates/a.yaml', text }])
    const words = (says: { says: string }[], wanted: string[]) =>
      says.length === wanted.length && wanted.every((word, at) => says[at]?.says.includes(word))
    expect([words(found.refused, refused), words(found.marks, marks)]).toEqual([true, true])
  })

  it('names the template that differs and not its neighbour', () => {
    const first = source('app/templates/a.yaml', 'a: 1') + source('app/templates/b.yaml', 'b: 1')
    const second = source('app/templates/a.yaml', 'a: 2') + source('app/templates/b.yaml', 'b: 1')
    const templates = [
      { path: 'app/templates/a.yaml', text: '{{ randAlpha 3 }}' },
      { path: 'app/templates/b.yaml', text: '{{ if false }}{{ uuidv4 }}{{ end }}' },
    ]
    expect(findUnstable(first, second, templates).refused.map(({ subject }) => subject)).toEqual([
      'app/templates/a.yaml',
    ])
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
