import { describe, expect, it } from 'vitest'
import { subjectWords } from './subject-words.ts'

describe('subjectWords', () => {
  it.each([
    ['a release', 'dev:helmrelease/redis-dev', { name: 'redis-dev', kind: 'helmrelease', namespace: 'dev' }],
    ['an object of the cluster', '<cluster>:namespace/dev', { name: 'dev', kind: 'namespace', namespace: undefined }],
    ['a URL', 'http://127.0.0.1:4000/config.git', { name: 'http://127.0.0.1:4000/config.git' }],
    ['a person', 'per-01abc', { name: 'per-01abc' }],
  ])('%s', (_, subject, words) => {
    expect(subjectWords(subject)).toEqual(words)
  })
})
