import { describe, expect, it } from 'vitest'
import { decryptText, encryptText, openSealed, saltBytes, sealFor, sealingKey } from './index.ts'

const secret = Buffer.alloc(32, 1)
const salt = Buffer.alloc(saltBytes, 2)
const random = Buffer.alloc(64, 3)
const seed = Buffer.alloc(32, 4)
const binding = 'channel ch-1 hooks.example.test'
const canary = 'grüße, s3cret'

/** Changes one character in the middle. */
const spoiled = (text: string): string => {
  const at = text.length - 10
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}

describe('encryptText', () => {
  const encrypted = encryptText(secret, canary, binding, salt)

  it('is read back, and shows nothing of what it holds', () => {
    expect(decryptText(secret, encrypted, binding)).toBe(canary)
    expect(Buffer.from(encrypted.slice(4), 'base64url').toString('utf8')).not.toContain('s3cret')
    expect(encryptText(secret, canary, binding, Buffer.alloc(saltBytes, 9))).not.toBe(encrypted)
  })

  const rows: [label: string, read: () => string][] = [
    ['another key', () => decryptText(Buffer.alloc(32, 7), encrypted, binding)],
    ['another row', () => decryptText(secret, encrypted, 'channel ch-2 hooks.example.test')],
    ['another host', () => decryptText(secret, encrypted, 'channel ch-1 evil.example.test')],
    ['a changed byte', () => decryptText(secret, spoiled(encrypted), binding)],
    ['half of it', () => decryptText(secret, encrypted.slice(0, 30), binding)],
    ['another format', () => decryptText(secret, encrypted.replace('wh1', 'wh2'), binding)],
    ['nothing', () => decryptText(secret, '', binding)],
  ]
  it.each(rows)('cannot be read with %s, and the error shows nothing either', (_label, read) => {
    expect(read).toThrow('cannot be decrypted')
  })
})

describe('sealFor', () => {
  const sealed = sealFor(sealingKey(seed), canary, binding, random)

  it('is opened by the holder of the key alone', () => {
    expect(openSealed(seed, sealed, binding)).toBe(canary)
    expect(() => openSealed(Buffer.alloc(32, 5), sealed, binding)).toThrow('cannot be decrypted')
    expect(() => openSealed(seed, sealed, 'channel ch-2 hooks.example.test')).toThrow('cannot be decrypted')
    expect(() => openSealed(seed, spoiled(sealed), binding)).toThrow('cannot be decrypted')
  })

  it('refuses what is no key', () => {
    expect(() => sealFor('AAAA', canary, binding, random)).toThrow('no key')
    expect(() => openSealed(seed, canary, binding)).toThrow('no key')
  })
})
