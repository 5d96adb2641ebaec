import { describe, expect, it } from 'vitest'
import { documentEnvironments, environmentOfRelease, type Inhabitant } from './document-environments.ts'

const release = (environment: string, namespace: string, more: Partial<Inhabitant> = {}): Inhabitant => ({
  environment,
  namespace,
  targetNamespace: namespace,
  desired: true,
  ...more,
})
const namespaceOf = (name: string) => `<cluster>:namespace/${name}`

describe('documentEnvironments', () => {
  const four = [
    release('dev', 'dev'),
    release('stg', 'stg'),
    release('prod', 'prod', { targetNamespace: 'shop' }),
    release('eu', 'both'),
    release('us', 'both'),
    release('old', 'old', { desired: false }),
  ]
  const all = ['dev', 'eu', 'prod', 'stg', 'us']
  const rows: [label: string, id: string, path: string, want: string[]][] = [
    ['its directory counts first', 'prod:configmap/a', 'releases/dev/a.yaml', ['dev']],
    ['a Namespace is of the releases in it', namespaceOf('dev'), 'namespaces/dev.yaml', ['dev']],
    ['also of those deployed to it', namespaceOf('shop'), 'namespaces/shop.yaml', ['prod']],
    ['what stands in their namespace is theirs', 'dev:sealedsecret/a', 'namespaces/secrets.yaml', ['dev']],
    ['a Namespace that two share is of both', namespaceOf('both'), 'namespaces/both.yaml', ['eu', 'us']],
    ['a Namespace whose releases left Git stays theirs', namespaceOf('old'), 'namespaces/old.yaml', ['old']],
    ['a Namespace without releases is of all', namespaceOf('monitoring'), 'namespaces/m.yaml', all],
    ['what has no namespace is of all', '<cluster>:clusterrole/a', 'namespaces/role.yaml', all],
    ['a release elsewhere is of its namespace', 'shop:helmrelease/a', 'apps/a.yaml', ['shop']],
    ['what is no id is of all', '', 'namespaces/a.yaml', all],
  ]
  it.each(rows)('%s', (_label, id, path, want) => {
    expect(documentEnvironments(four)({ id, path })).toEqual(want)
  })

  it('knows none where there are no releases', () => {
    expect(documentEnvironments([])({ id: namespaceOf('dev'), path: 'namespaces/dev.yaml' })).toEqual([])
  })
})

describe('environmentOfRelease', () => {
  it.each([
    ['releases/dev/a.yaml', 'dev'],
    ['apps/a.yaml', 'shop'],
  ])('of %s is %s', (path, want) => {
    expect(environmentOfRelease({ path, namespace: 'shop' })).toBe(want)
  })
})
