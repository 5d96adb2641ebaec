import { describe, expect, it } from 'vitest'
import { generationOf, isUnreachable, lastWords } from './helm-words.ts'

describe('what helm says', () => {
  it.each([
    ['the error line', 'Error: UPGRADE FAILED: no luck\n', 1, 'UPGRADE FAILED: no luck'],
    ['the last error after log lines', 'level=WARN msg=x\nError: one\nError: two\nmore', 1, 'two\nmore'],
    ['everything where there is no error line', 'panic: help\n', 2, 'panic: help'],
    ['the code where there is nothing', '', 3, 'helm ended with code 3 and said nothing'],
    ['a signal', '', null, 'helm was ended by a signal'],
  ])('keeps %s', (_label, stderr, code, words) => {
    expect(lastWords(stderr, code)).toBe(words)
  })

  it.each([
    ['v4.3.1', 4],
    ['v4.3', 4],
    ['v3.18.4+gd80839c', 3],
    ['v3.17.0', undefined],
    ['v2.16.1', undefined],
    ['nonsense', undefined],
  ])('speaks to %s as generation %s', (version, generation) => {
    expect(generationOf(version)).toBe(generation)
  })

  it.each([
    ['UPGRADE FAILED: kubernetes cluster unreachable: Get "https://…"', true],
    ['Kubernetes cluster unreachable: Get', true],
    ['context deadline exceeded', false],
  ])('%s: nothing was attempted = %s', (message, unreachable) => {
    expect(isUnreachable(message)).toBe(unreachable)
  })
})
