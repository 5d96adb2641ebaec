import { describe, expect, it } from 'vitest'
import { publicFetch } from './public-fetch.ts'

describe('publicFetch', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'http://localhost:1/',
    'http://0x7f.1:1/',
    'http://2130706433:1/',
  ])('does not ask %s', async (url) => {
    await expect(publicFetch(['elsewhere.example'])(url)).rejects.toMatchObject({ reason: 'inside' })
  })

  it('asks it where that is allowed', async () => {
    await expect(publicFetch(['127.0.0.1'])('http://127.0.0.1:1/')).rejects.toThrow(TypeError)
  })
})
