import { expect, it } from 'vitest'
import { fillTagTemplate, tagTemplateProblem } from './tag-template.ts'

const parts = { tag: 'dev-abc', rest: 'abc', version: undefined, application: 'podinfo', environment: 'stg' }

it.each([
  ['{environment}-{rest}', { ok: true, tag: 'stg-abc' }],
  ['{application}.{tag}', { ok: true, tag: 'podinfo.dev-abc' }],
  ['{version}-{environment}', { ok: false, missing: 'version' }],
])('fillTagTemplate %s', (template, want) => {
  expect(tagTemplateProblem(template)).toBeUndefined()
  expect(fillTagTemplate(template, parts)).toEqual(want)
})

it.each([
  ['{sha}', 'does not know {sha}'],
  ['{}', 'does not know {}'],
  ['{environment}', 'the same tag'],
  ['{tag', 'no tag may have'],
  ['{tag} x', 'no tag may have'],
])('tagTemplateProblem %s', (template, says) => {
  expect(tagTemplateProblem(template)).toContain(says)
})
