import { describe, expect, it } from 'vitest'
import { isWebAddress } from './web-address.ts'

describe('isWebAddress', () => {
  it.each([
    ['https://github.com/acme/config/pull/7', true],
    ['http://git.example/x', true],
    ['javascript:alert(1)', false],
    ['JaVaScRiPt:alert(1)//https://x', false],
    [' https://x', false],
    ['data:text/html,<script>', false],
    ['//evil.example', false],
    ['/promotions/1', false],
    ['', false],
  ])('%s: %s', (address, is) => {
    expect(isWebAddress(address)).toBe(is)
  })
})
