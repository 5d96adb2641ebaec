import { describe, expect, it } from 'vitest'
import { imagesInValues } from './images-in-values.ts'

describe('imagesInValues', () => {
  const rows: [label: string, values: Record<string, unknown>, annotations: Record<string, string>, found: string[]][] =
    [
      ['none', { replicaCount: 1 }, {}, []],
      ['one string', { image: 'podinfo:dev-1' }, {}, ['chart-image podinfo:dev-1']],
      ['repository and tag', { image: { repository: 'a/b', tag: '1.2' } }, {}, ['chart-image a/b:1.2']],
      [
        'several',
        { nats: { image: 'nats:0.6.0' }, prometheus: { image: 'prom/prometheus:v2.3.1' } },
        {},
        ['nats nats:0.6.0', 'prometheus prom/prometheus:v2.3.1'],
      ],
      [
        'by mapped paths',
        { app: { repo: 'a/b', version: '3' } },
        { 'repository.fluxcd.io/web': 'app.repo', 'tag.fluxcd.io/web': 'app.version' },
        ['web a/b:3'],
      ],
    ]
  it.each(rows)('%s', (_label, values, annotations, found) => {
    expect(imagesInValues(values, annotations).map(({ name, image }) => `${name} ${image.written}`)).toEqual(found)
  })
})
