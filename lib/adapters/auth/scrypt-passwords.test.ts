import { describe, expect, it } from 'vitest'
import { scryptPasswords } from './scrypt-passwords.ts'

const cheap = { n: 2 ** 10, r: 8, p: 1 }
const passwords = scryptPasswords(cheap)

describe('scryptPasswords', () => {
  it('knows a password again, and no other', async () => {
    const encoded = await passwords.hash('correct horse battery')
    expect(await passwords.verify('correct horse battery', encoded)).toBe(true)
    expect(await passwords.verify('correct horse batterz', encoded)).toBe(false)
    expect(await passwords.verify('', encoded)).toBe(false)
  })

  it('salts: the same password never gives the same text', async () => {
    expect(await passwords.hash('correct horse battery')).not.toBe(await passwords.hash('correct horse battery'))
  })

  it('keeps the cost beside the hash, so that raising it locks nobody out', async () => {
    const old = await passwords.hash('correct horse battery')
    expect(old).toMatch(/^scrypt\$1024\$8\$1\$/)
    expect(await scryptPasswords({ ...cheap, n: 2 ** 11 }).verify('correct horse battery', old)).toBe(true)
  })

  it('takes an accent for the same, however it was typed', async () => {
    expect(await passwords.verify('cafe\u0301 au lait 12', await passwords.hash('caf\u00e9 au lait 12'))).toBe(true)
  })

  it.each([
    ['none', undefined],
    ['plain text', 'correct horse battery'],
    ['another method', `bcrypt$10$8$1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['nothing', ''],
  ])('accepts nothing where the hash is %s', async (_label, encoded) => {
    expect(await passwords.verify('correct horse battery', encoded)).toBe(false)
  })
})
