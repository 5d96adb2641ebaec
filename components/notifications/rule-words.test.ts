import { expect, it } from 'vitest'
import { ruleWords } from './rule-words.ts'

const any = { kinds: [], severities: [], environments: [], applications: [] }
const rows: [rule: Parameters<typeof ruleWords>[0], words: string][] = [
  [any, 'Everything'],
  [{ ...any, severities: ['critical', 'warning'] }, 'Everything'],
  [{ ...any, severities: ['critical'], environments: ['prod'] }, 'Critical: everything, in prod'],
  [{ ...any, kinds: ['release-failed', 'unhealthy', 'x-y'] }, 'Release failed, unhealthy or x y'],
  [{ ...any, environments: ['stg', 'prod'], applications: ['podinfo'] }, 'Everything, in stg or prod, of podinfo'],
]
it.each(rows)('%j: %s', (rule, words) => expect(ruleWords(rule)).toBe(words))
