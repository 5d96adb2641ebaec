import { describe, expect, it } from 'vitest'
import { whoCouldWords } from './who-could-words.ts'

describe('whoCouldWords', () => {
  it.each([
    [
      'several roles in one environment',
      'releases:write',
      'prod',
      'It takes the role deployer, approver or admin in prod.',
    ],
    ['one role', 'settings:write', undefined, 'It takes the role admin.'],
  ] as const)('%s', (_, permission, environment, words) => {
    expect(whoCouldWords(permission, environment)).toBe(words)
  })
})
