import { describe, expect, it } from 'vitest'
import { clusterState, configText, repositoryFact, withoutCredentials } from './facts.ts'

describe('clusterState', () => {
  const rows: [label: string, cluster: unknown, watch: unknown, want: string][] = [
    ['nothing written yet', undefined, undefined, 'unknown'],
    ['a watch that connects', undefined, { kind: 'connecting', at: 1 }, 'waiting'],
    ['a live watch', { version: 'v1.36.3' }, { kind: 'live', since: 1 }, 'ready'],
    ['a broken watch', undefined, { kind: 'broken', reason: 'connection refused' }, 'unreachable'],
    ['a missing CRD: the server does answer', undefined, { kind: 'unknown-kind' }, 'ready'],
    ['something unreadable', 'x', 7, 'unknown'],
  ]
  it.each(rows)('%s', (_label, cluster, watch, want) => {
    expect(clusterState(cluster, watch).state).toBe(want)
  })
})

describe('withoutCredentials', () => {
  it.each([
    ['https', 'https://user:canary@example.com/repo.git', 'https://example.com/repo.git'],
    ['ssh by URL', 'ssh://git@example.com/repo.git', 'ssh://example.com/repo.git'],
    ['ssh in short form', 'git@example.com:repo.git', 'git@example.com:repo.git'],
    ['a path', '/srv/repo.git', '/srv/repo.git'],
  ])('%s', (_label, url, want) => {
    expect(withoutCredentials(url)).toBe(want)
  })
})

describe('repositoryFact', () => {
  it('never shows credentials the worker may have written', () => {
    const fact = repositoryFact({ state: 'ready', url: 'https://u:canary@example.com/repo.git' })
    expect(JSON.stringify(fact)).not.toContain('canary')
  })
})

describe('configText', () => {
  const shown = { repository: 'https://example.com/repo.git', branch: 'main' }
  const rows: [label: string, fact: unknown, want: string | undefined][] = [
    ['what is written', { ...shown, text: 'environments: [dev]' }, 'environments: [dev]'],
    ['no file', { ...shown, text: null }, undefined],
    ['nothing known yet', undefined, undefined],
    ['of another branch', { ...shown, branch: 'next', text: 'environments: [dev]' }, undefined],
    ['of another repository', { ...shown, repository: 'https://example.com/other.git', text: '' }, undefined],
  ]
  it.each(rows)('%s', (_label, fact, want) => {
    expect(configText(fact, shown)).toBe(want)
  })
})
