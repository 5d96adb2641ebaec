import { describe, expect, it } from 'vitest'
import { isPublicAddress, publicFetch } from './public-fetch.ts'

describe('isPublicAddress', () => {
  it.each([
    ['93.184.215.14', true],
    ['2606:2800:21f:cb07::1', true],
    ['127.0.0.1', false],
    ['127.9.9.9', false],
    ['10.1.2.3', false],
    ['172.31.0.1', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.100.0.1', false],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['::1', false],
    ['::', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:93.184.215.14', true],
    ['example.com', false],
  ])('%s: %s', (address, want) => {
    expect(isPublicAddress(address)).toBe(want)
  })
})

describe('publicFetch', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://localhost:1/',
    'http://0x7f.1:1/',
    'http://2130706433:1/',
  ])('does not ask %s', async (url) => {
    await expect(publicFetch(false)(url)).rejects.toMatchObject({ name: 'PrivateAddress' })
  })

  it('asks it where that is allowed', async () => {
    await expect(publicFetch(true)('http://127.0.0.1:1/')).rejects.toThrow(TypeError)
  })
})
