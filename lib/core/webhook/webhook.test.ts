import examples from '@octokit/webhooks-examples'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isOneOf, isSigned, secretsInForce } from './check-proof.ts'
import { decideDelivery, type Followed } from './decide-delivery.ts'
import { keptPayload } from './kept-payload.ts'
import { readDelivery } from './read-delivery.ts'
import type { HookKind } from './types.ts'

const followed: Followed = {
  repository: 'https://github.com/Codertocat/Hello-World.git',
  branch: 'master',
  sources: ['acme/source', 'https://github.com/acme/other.git'],
  watched: ['ghcr.io/acme/api', 'index.docker.io/acme/web', 'registry.local:5000/acme/web', 'quay.io/acme/job'].map(
    (name) => ({ name }),
  ),
}

/** The answer in one line: what is woken, or why nothing is. */
function answer(kind: HookKind, event: string | undefined, payload: unknown, ours = followed): string {
  const { told } = readDelivery(kind, event, payload)
  const { verdict, wakes } = decideDelivery(told, ours)
  if (verdict.kind === 'ignored') return `ignored: ${verdict.because}`
  return wakes.map((wake) => (wake.topic === 'scan' ? `scan ${wake.repository}` : wake.topic)).join(', ') || 'handled'
}

/** By event; any other is unknown. */
const right: Record<string, (payload: { ref?: string }) => string> = {
  ping: () => 'handled',
  push: ({ ref }) => (ref === 'refs/heads/master' ? 'fetch' : `ignored: ${ref} is no branch`),
  pull_request: () => 'fetch, promote, propose',
  release: () => 'promote',
  workflow_run: () => 'promote',
  check_run: () => 'promote',
  status: () => 'promote',
  package: () => 'ignored: a package of kind npm, not an image',
}

describe("GitHub's own examples", () => {
  const rows = examples.flatMap(({ name, examples: payloads }) =>
    payloads.map(
      (payload, index) => [name, index, payload as { ref?: string; repository?: { full_name: string } }] as const,
    ),
  )
  it('are there', () => expect(rows.length).toBeGreaterThan(200))
  it.each(rows)('%s %i', (name, _index, payload) => {
    const ours = { ...followed, repository: `git@github.com:${payload.repository?.full_name ?? 'x/y'}` }
    const wanted = right[name]?.(payload) ?? `ignored: unknown event ${name}`
    expect(answer('github', name, payload, ours)).toBe(wanted)
  })
})

const push = (ref: string, full_name: string) => ({ ref, after: 'a'.repeat(40), repository: { full_name } })
const container = (more: object) => ({ name: 'api', namespace: 'Acme', package_type: 'CONTAINER', ...more })
const harbor = {
  resources: [{ digest: 'sha256:8a9', tag: 'latest', resource_url: 'registry.local:5000/acme/web:latest' }],
  repository: { name: 'web', namespace: 'acme', repo_full_name: 'acme/web', repo_type: 'private' },
}
const pushed = (repository: string, host?: string, action = 'push') => ({
  action,
  target: { repository },
  request: { host },
})

describe('a delivery', () => {
  const rows: [label: string, kind: HookKind, event: string | undefined, payload: unknown, answer: string][] = [
    ['push to our branch', 'github', 'push', push('refs/heads/master', 'codertocat/hello-world'), 'fetch'],
    ['other branch', 'github', 'push', push('refs/heads/x', 'Codertocat/Hello-World'), 'ignored: branch x, not master'],
    [
      'other repository',
      'github',
      'push',
      push('refs/heads/master', 'a/b'),
      'ignored: a/b is not the config repository',
    ],
    ['pull request elsewhere', 'github', 'pull_request', push('', 'a/b'), 'ignored: a/b is not the config repository'],
    ['push to a source', 'github', 'push', push('refs/heads/dev', 'acme/Source'), 'promote'],
    ['pull request at a source', 'github', 'pull_request', push('', 'acme/other'), 'promote'],
    ['push that says nothing', 'github', 'push', null, 'ignored: a push whose payload says too little'],
    ['no event at all', 'github', undefined, {}, 'ignored: unknown event '],
    [
      'package with an address',
      'github',
      'package',
      { package: container({ package_version: { package_url: 'ghcr.io/Acme/api:v1' } }) },
      'scan ghcr.io/acme/api',
    ],
    [
      'package by digest',
      'ghcr',
      'package',
      { package: container({ package_version: { package_url: 'ghcr.io/acme/api@sha256:00' } }) },
      'scan ghcr.io/acme/api',
    ],
    [
      'package without an address',
      'ghcr',
      'registry_package',
      { registry_package: container({}) },
      'scan ghcr.io/acme/api',
    ],
    [
      'package nobody uses',
      'ghcr',
      'package',
      { package: container({ name: 'other' }) },
      'ignored: no release uses ghcr.io/acme/other',
    ],
    [
      'push to a webhook for packages',
      'ghcr',
      'push',
      push('refs/heads/master', 'a/b'),
      'ignored: this webhook is for packages, not for push',
    ],
    [
      'Docker Hub',
      'dockerhub',
      undefined,
      {
        callback_url: 'https://x',
        push_data: { tag: 'v1' },
        repository: { repo_name: 'acme/web', name: 'web', namespace: 'acme' },
      },
      'scan index.docker.io/acme/web',
    ],
    [
      'Docker Hub, official',
      'dockerhub',
      undefined,
      { repository: { repo_name: 'nats' } },
      'ignored: no release uses index.docker.io/library/nats',
    ],
    [
      'Quay',
      'quay',
      undefined,
      {
        name: 'job',
        repository: 'acme/job',
        namespace: 'acme',
        docker_url: 'quay.io/acme/job',
        homepage: 'https://quay.io/repository/acme/job',
        updated_tags: ['latest'],
      },
      'scan quay.io/acme/job',
    ],
    [
      'Quay, of a build',
      'quay',
      undefined,
      { repository: 'acme/job', docker_url: 'quay.io/acme/job', build_id: 'x' },
      'ignored: not about a push',
    ],
    [
      'Harbor',
      'harbor',
      undefined,
      { type: 'PUSH_ARTIFACT', occur_at: 1, operator: 'admin', event_data: harbor },
      'scan registry.local:5000/acme/web',
    ],
    [
      'Harbor by CloudEvents',
      'harbor',
      undefined,
      { specversion: '1.0', type: 'harbor.artifact.pushed', data: harbor },
      'scan registry.local:5000/acme/web',
    ],
    [
      'Harbor, of a deletion',
      'harbor',
      undefined,
      { type: 'DELETE_ARTIFACT', event_data: harbor },
      'ignored: DELETE_ARTIFACT is not about a push',
    ],
    [
      'distribution',
      'distribution',
      undefined,
      { events: [pushed('acme/web', 'registry.local:5000')] },
      'scan registry.local:5000/acme/web',
    ],
    [
      'distribution under another name',
      'distribution',
      undefined,
      { events: [pushed('acme/job', '10.0.0.1:5000')] },
      'scan quay.io/acme/job',
    ],
    [
      'distribution, of a pull',
      'distribution',
      undefined,
      { events: [pushed('acme/web', 'x', 'pull')] },
      'ignored: not about a push',
    ],
    [
      'a shape of tomorrow',
      'quay',
      undefined,
      [1],
      'scan ghcr.io/acme/api, scan index.docker.io/acme/web, scan registry.local:5000/acme/web, scan quay.io/acme/job',
    ],
    ['any Git server', 'git', undefined, undefined, 'fetch'],
  ]
  it.each(rows)('%s', (_label, kind, event, payload, wanted) => {
    expect(answer(kind, event, payload)).toBe(wanted)
  })
})

describe('what is kept of a payload', () => {
  const rows: [label: string, payload: unknown, kept: string | undefined][] = [
    ['nothing', undefined, undefined],
    ['as it came', { a: [1, null, true, 'x'] }, '{"a":[1,null,true,"x"]}'],
    [
      'without what its key calls secret',
      { token: 'abc', secret: '', use_token: true },
      '{"token":"••••••••","secret":"","use_token":true}',
    ],
    ['without what is below such a key', { secrets: { a: 'b' } }, '{"secrets":"••••••••"}'],
    ['without the secret of the webhook', { note: 'it is wh_known!' }, '{"note":"it is ••••••••!"}'],
    ['without what looks like a credential', { url: 'https://me:pw@host/x' }, '{"url":"https://••••••••@host/x"}'],
    ['not where it is too large', 'x'.repeat(300_000), undefined],
  ]
  it.each(rows)('%s', (_label, payload, kept) => {
    expect(keptPayload(payload, ['wh_known'])).toBe(kept)
  })

  it('stays JSON, whatever is masked in it', () => {
    const kept = keptPayload({ key: '-----BEGIN PRIVATE KEY-----\nabc', after: 'it' }, []) ?? ''
    expect(JSON.parse(kept)).toMatchObject({ after: 'it' })
    expect(kept).not.toContain('abc')
  })
})

describe('proof', () => {
  const sign = (body: string, secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

  it('is a signature of this body under a secret in force', () => {
    expect(isSigned('{}', sign('{}', 'new'), ['new', 'old'])).toBe(true)
    expect(isSigned('{}', sign('{}', 'old'), ['new', 'old'])).toBe(true)
    expect(isSigned('{}', sign('{}', 'old'), ['new'])).toBe(false)
    expect(isSigned('{ }', sign('{}', 'new'), ['new'])).toBe(false)
    expect(isSigned('{}', '', ['new'])).toBe(false)
  })

  it('is the secret itself', () => {
    expect(isOneOf('old', ['new', 'old'])).toBe(true)
    expect(isOneOf('', ['new'])).toBe(false)
  })

  it('by the secret before ends with the overlap', () => {
    const rotated = { secret: 'new', previous: 'old', previousUntil: 10 }
    expect(secretsInForce(rotated, 9)).toEqual(['new', 'old'])
    expect(secretsInForce(rotated, 10)).toEqual(['new'])
    expect(secretsInForce({ secret: 'new' }, 0)).toEqual(['new'])
  })
})
