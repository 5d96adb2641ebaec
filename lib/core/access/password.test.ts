import { describe, expect, it } from 'vitest'
import { passwordProblem } from './password.ts'

const ann = { email: 'ann.smith@example.com', name: 'Ann' }

describe('passwordProblem', () => {
  it.each([
    ['eleven characters', 'correct-hor', /at least 12/],
    ['twelve characters', 'correct-hors', /^fine$/],
    ['twelve characters of two units each', '🐴🔋🧷🌊🪨🐴🔋🧷🌊🪨🐴🔋', /^fine$/],
    ['256 characters', 'abcdefgh'.repeat(32), /^fine$/],
    ['257 characters', `${'abcdefgh'.repeat(32)}x`, /at most 256/],
    ['one character over and over', 'a'.repeat(40), /same few/],
    ['four characters over and over', 'abcd'.repeat(10), /same few/],
    ['the own address', 'ann.smith@example.com', /own name or address/],
    ['the own address in capitals and a year', 'ANN.SMITH@EXAMPLE.COM2026', /own name or address/],
    ['words with the own name among them', 'ann likes her boats red', /^fine$/],
    ['blanks alone', ' '.repeat(20), /same few/],
    ['nothing', '', /at least 12/],
  ] as const)('%s', (_label, password, problem) => {
    expect(passwordProblem(password, ann) ?? 'fine').toMatch(problem)
  })
})
