import { expect, it } from 'vitest'
import { table } from './table.ts'

it('aligns columns and leaves no blanks at the end of a line', () => {
  expect(table(['NAME', 'TAG'], [['podinfo-dev', 'a']])).toBe('NAME         TAG\npodinfo-dev  a')
})
