import { describe, expect, it } from 'vitest'
import type { MatrixRow } from '#lib/api/environments.ts'
import type { Release, ReleaseImage } from '#lib/api/release-schemas.ts'
import { isBehind, nextRelease, promotable } from './next-environment.ts'

const image = (container: string, tag: string, digest?: string): ReleaseImage => ({
  container,
  image: `reg.test/${container}:${tag}`,
  repository: `reg.test/${container}`,
  tag,
  digest,
  automated: true,
})

const release = (id: string, images: ReleaseImage[] = []): Release => ({
  id,
  cluster: 'kube',
  namespace: 'dev',
  name: id,
  releaseName: id,
  storageNamespace: 'dev',
  targetNamespace: 'dev',
  application: 'podinfo',
  environment: 'dev',
  path: 'releases/dev/podinfo.yaml',
  line: 1,
  generation: '1',
  mode: 'act',
  desired: true,
  automated: true,
  chart: { source: 'charts/podinfo' },
  images,
  phase: 'deployed',
  reason: '',
  phaseSince: 0,
  health: 'healthy',
  healthReason: '',
  healthSince: 0,
  problems: [],
  version: 1,
})

/** `a b|c` = two releases in the first environment, one in the second; `ways` as `dev>stg`. */
const row = (cells: string, ways: string): MatrixRow => ({
  application: 'podinfo',
  ways: ways
    .split(' ')
    .filter(Boolean)
    .map((way) => ({ from: way.split('>')[0] ?? '', to: way.split('>')[1] ?? '' })),
  cells: cells.split('|').map((ids, at) => ({
    environment: ['dev', 'stg', 'prod'][at] ?? '',
    releases: ids
      .split(' ')
      .filter(Boolean)
      .map((id) => ({ ...release(id), environment: ['dev', 'stg', 'prod'][at] ?? '' })),
  })),
})

describe('nextRelease', () => {
  it.each([
    ['along the way', 'a|b|c', 'dev>stg stg>prod', 'dev', 'b'],
    ['the first of two', 'a|b|c', 'dev>stg dev>prod', 'dev', 'b'],
    ['over an environment', 'a|b|c', 'dev>prod', 'dev', 'c'],
    ['no way leads on', 'a|b|c', 'dev>stg', 'stg', undefined],
    ['two candidates at the target are no target', 'a|b c|d', 'dev>stg', 'dev', undefined],
    ['two candidates at the source are no source', 'a b|c|d', 'dev>stg', 'dev', undefined],
    ['an environment that is not there', 'a|b|c', 'dev>stg', 'adm', undefined],
  ])('%s', (_, cells, ways, from, id) => {
    expect(nextRelease(row(cells, ways), from)?.id).toBe(id)
  })
})

describe('promotable', () => {
  it.each([
    ['each way', 'a|b|c', 'dev>stg dev>prod', ['dev > stg', 'dev > prod']],
    ['not between two candidates', 'a|b c|d', 'dev>stg stg>prod', []],
    ['alone', '|b|', '', []],
  ])('%s', (_, cells, ways, want) => {
    expect(promotable({ rows: [row(cells, ways)] }).map(({ from, to }) => `${from} > ${to}`)).toEqual(want)
  })
})

describe('isBehind', () => {
  it.each([
    ['another build', [image('app', 'dev-b2')], [image('app', 'stg-a1')], true],
    ['the same build', [image('app', 'dev-a1')], [image('app', 'stg-a1')], false],
    ['the same tag', [image('app', '1.3.3')], [image('app', '1.3.3')], false],
    ['a version says nothing of the build', [image('app', 'stg-a1')], [image('app', '0.4.11')], undefined],
    ['digests say it all', [image('app', 'stg-a1', 'sha256:1')], [image('app', '0.4.11', 'sha256:1')], false],
    [
      'one of two is behind',
      [image('app', '1'), image('nats', 'dev-b2')],
      [image('app', '1'), image('nats', 'stg-a1')],
      true,
    ],
    ['no container in common', [image('app', '1')], [image('other', '1')], undefined],
  ] as const)('%s', (_, from, to, behind) => {
    expect(isBehind(release('a', [...from]), release('b', [...to]))).toBe(behind)
  })
})
