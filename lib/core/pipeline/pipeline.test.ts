import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { applicationOf } from './application.ts'
import { environmentOf, orderEnvironments } from './environments.ts'
import { buildMatrix } from './matrix.ts'
import { defaultConfig, readWheelhouseYaml, wheelhouseJsonSchema } from './read-wheelhouse-yaml.ts'

describe('environmentOf', () => {
  const rows: [path: string, environment: string | undefined][] = [
    ['releases/dev/podinfo.yaml', 'dev'],
    ['releases/hotfix/a/b.yaml', 'hotfix'],
    ['clusters/eu/releases/prod/podinfo.yaml', 'prod'],
    ['releases/podinfo.yaml', undefined],
    ['namespaces/dev.yaml', undefined],
    ['my-releases/dev/a.yaml', undefined],
  ]
  it.each(rows)('of %s is %s', (path, environment) => {
    expect(environmentOf(path)).toBe(environment)
  })
})

describe('orderEnvironments', () => {
  const rows: [label: string, names: string[], explicit: string[], want: string[]][] = [
    [
      'the four, then the rest by name',
      ['prod', 'adm', 'stg', 'hotfix', 'dev', 'test'],
      [],
      ['dev', 'test', 'stg', 'prod', 'adm', 'hotfix'],
    ],
    ['long spellings', ['production', 'staging', 'development'], [], ['development', 'staging', 'production']],
    ['what was given explicitly first', ['dev', 'eu', 'us', 'prod'], ['us', 'eu'], ['us', 'eu', 'dev', 'prod']],
    ['each once', ['dev', 'dev'], [], ['dev']],
  ]
  it.each(rows)('%s', (_label, names, explicit, want) => {
    expect(orderEnvironments(names, explicit)).toEqual(want)
  })
})

describe('applicationOf', () => {
  const rows: [name: string, path: string, label: string | undefined, chart: string | undefined, want: string][] = [
    ['podinfo-dev', 'releases/dev/podinfo.yaml', undefined, undefined, 'podinfo'],
    ['podinfo-rc', 'releases/stg/podinfo.yaml', undefined, undefined, 'podinfo'],
    ['podinfo-prod', 'releases/prod/podinfo.yaml', undefined, undefined, 'podinfo'],
    ['podinfo-hotfix', 'releases/hotfix/podinfo.yaml', undefined, undefined, 'podinfo'],
    ['podinfo-hotfix', 'releases/dev/podinfo.yaml', undefined, undefined, 'podinfo-hotfix'],
    ['sealed-secrets', 'releases/adm/sealed-secrets.yaml', undefined, 'sealed', 'sealed-secrets'],
    ['podinfo-dev', 'releases/dev/podinfo.yaml', 'shop', undefined, 'shop'],
    ['prod', 'releases/prod/a.yaml', undefined, 'podinfo', 'podinfo'],
    ['prod', 'releases/prod/a.yaml', undefined, undefined, 'prod'],
    ['device', 'releases/dev/device.yaml', undefined, undefined, 'device'],
  ]
  it.each(rows)('%s in %s, label %s, chart %s', (name, path, label, chart, want) => {
    const labels: Record<string, string> = label ? { 'wheelhouse.dev/application': label } : {}
    expect(applicationOf({ name, path, labels }, chart)).toBe(want)
  })
})

describe('buildMatrix', () => {
  const entry = (id: string, application: string, environment: string) => ({ id, application, environment })
  it('has shared environments as columns and lists the others below', () => {
    const matrix = buildMatrix([
      entry('1', 'podinfo', 'prod'),
      entry('2', 'podinfo', 'dev'),
      entry('3', 'sealed-secrets', 'adm'),
      entry('4', 'nats', 'dev'),
      entry('5', 'podinfo', 'dev'),
    ])
    expect(matrix).toEqual({
      environments: ['dev', 'prod'],
      rows: [
        { application: 'nats', cells: { dev: ['4'] } },
        { application: 'podinfo', cells: { dev: ['2', '5'], prod: ['1'] } },
      ],
      below: [{ environment: 'adm', ids: ['3'] }],
    })
  })
  it('has a column where nothing is shared', () => {
    expect(buildMatrix([entry('1', 'podinfo', 'dev')]).environments).toEqual(['dev'])
  })
  it('keeps configured environments as columns', () => {
    const entries = [entry('1', 'a', 'dev'), entry('2', 'a', 'prod'), entry('3', 'b', 'adm')]
    expect(buildMatrix(entries, ['adm']).environments).toEqual(['adm', 'dev', 'prod'])
  })
})

describe('readWheelhouseYaml', () => {
  it('infers everything without a file or with an empty one', () => {
    expect(readWheelhouseYaml(undefined)).toEqual({ config: defaultConfig, problems: [] })
    expect(readWheelhouseYaml('# nothing yet\n')).toEqual({ config: defaultConfig, problems: [] })
  })

  it('reads all it may say', () => {
    const text = `environments:
  - dev
  - name: prod
    deletion: off
    hold: {user: ann, message: audit, until: 2026-12-01T00:00:00Z}
    stop: moving house
deletion: on
paths: [./apps/, namespaces]
applications:
  podinfo: {source: "https://git.example.org/podinfo", hold: {message: broken}}
`
    expect(readWheelhouseYaml(text)).toEqual({
      problems: [],
      config: {
        environments: ['dev', 'prod'],
        deletion: { default: 'on', environments: { prod: 'off' } },
        paths: ['apps', 'namespaces'],
        applications: { podinfo: { source: 'https://git.example.org/podinfo' } },
        holds: {
          environments: { prod: { user: 'ann', message: 'audit', until: '2026-12-01T00:00:00Z' } },
          applications: { podinfo: { message: 'broken' } },
        },
        stop: { environments: { prod: 'moving house' } },
        promotion: {},
      },
    })
  })

  const bad: [label: string, text: string, line: number, says: string][] = [
    ['an unknown key', 'deletion: ask\nenviroments: [dev]\n', 2, 'enviroments'],
    [
      'an unknown key of an environment',
      'environments:\n  - dev\n  - name: prod\n    delete: on\n',
      4,
      'environments.1.delete',
    ],
    ['an unknown policy', 'environments: []\ndeletion: sometimes\n', 2, 'deletion'],
    ['a path that leaves the repository', 'paths:\n  - a\n  - ../b\n', 3, 'paths.1'],
    ['a hold without a real time', 'applications:\n  a:\n    hold:\n      until: tomorrow\n', 4, 'until'],
    ['invalid YAML', 'a: 1\nb: [\n', 3, 'wheelhouse.yaml'],
    ['a list', '- dev\n', 1, 'wheelhouse.yaml'],
    ['an empty stop', 'stop: ""\n', 1, 'stop'],
  ]
  it.each(bad)('refuses %s, with its line', (_label, text, line, says) => {
    const { config, problems } = readWheelhouseYaml(text)
    expect(config).toBeUndefined()
    expect(problems[0]).toMatchObject({ line, severity: 'error', path: 'wheelhouse.yaml' })
    expect(problems[0]?.message).toContain(says)
  })

  it('gives editors a schema that knows every key', () => {
    const schema = wheelhouseJsonSchema() as { properties: object; additionalProperties: boolean }
    expect(Object.keys(schema.properties)).toEqual(['environments', 'deletion', 'paths', 'applications', 'stop'])
    expect(schema.additionalProperties).toBe(false)
  })

  it('is published as it is checked', async () => {
    const published = await readFile(join(import.meta.dirname, '../../../public/wheelhouse.schema.json'), 'utf8')
    expect(JSON.parse(published)).toEqual(wheelhouseJsonSchema())
  })
})
