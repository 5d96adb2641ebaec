import { describe, expect, it } from 'vitest'
import { secretsInManifest, secretsInValues } from './find-secrets.ts'
import { KnownSecrets } from './known-secrets.ts'
import { mask } from './mask.ts'
import { redactText } from './redact-text.ts'
import { redaction } from './redaction.ts'

const canary = 'c4nary-hunter2-value'

describe('KnownSecrets', () => {
  it('keeps what a Secret held before', () => {
    const secrets = new KnownSecrets()
    secrets.add('a', [canary])
    secrets.add('a', ['another-1'])
    expect(secrets.of('a')).toEqual([canary, 'another-1'])
    expect(secrets.everywhere()).toEqual([canary, 'another-1'])
  })

  it('tells those of an owner whom nobody looked at from those of one who has none', () => {
    const secrets = new KnownSecrets()
    secrets.add('a', [])
    expect([secrets.has('a'), secrets.has('b')]).toEqual([true, false])
  })

  it('looks for plain words only in what is said of their owner', () => {
    const secrets = new KnownSecrets()
    secrets.add('a', ['production', 'podinfo-tls'])
    expect(secrets.of('a')).toEqual(['production', 'podinfo-tls'])
    expect(secrets.everywhere()).toEqual([])
  })

  it('forgets the oldest of very many', () => {
    const secrets = new KnownSecrets()
    for (let index = 0; index < 2_500; index += 1) secrets.add('a', [`value-${index}`])
    expect(secrets.of('a')).toHaveLength(2_000)
    expect(secrets.everywhere()).toContain('value-2499')
    expect(secrets.everywhere()).not.toContain('value-0')
  })
})

describe('secrets are found', () => {
  const inManifest = (data: string) =>
    secretsInManifest(`---\nkind: ConfigMap\ndata: {password: x-1}\n---\nkind: Secret\n${data}\n`)
  const rows: [label: string, data: string, want: string[]][] = [
    ['in data', `data: {password: ${Buffer.from(canary).toString('base64')}}`, [canary]],
    ['in stringData', `stringData: {API_TOKEN: ${canary}}`, [canary]],
    ['not below keys that announce none', `stringData: {host: db-1.example.org}`, []],
    ['not where they are plain words', `stringData: {password: postgres}`, []],
    ['not in files of many lines', `stringData: {password: "a-1\\nb-2"}`, []],
    ['not in what cannot be read', `stringData: {password: ${canary}`, []],
  ]
  it.each(rows)('%s', (_label, data, want) => {
    expect(inManifest(data)).toEqual(want)
  })

  it('in values, below keys that announce one', () => {
    const values = { auth: { password: canary, user: 'a-1' }, tokens: [{ token: 'b-2' }], existingSecret: 'c-3' }
    expect(secretsInValues(values)).toEqual([canary, 'b-2'])
  })
})

describe('a known secret', () => {
  const encoded = (text: string) => Buffer.from(text).toString('base64')
  it.each(['', 'u:', 'us:', 'user:'])('is hidden inside of the base64 of a longer text, after "%s"', (before) => {
    const redacted = redactText(`sent ${encoded(`${before}${canary}:and more`)}`, [canary])
    expect(redacted).toContain(mask)
    for (const piece of redacted.replace('sent ', '').split(mask)) expect(piece.length).toBeLessThan(20)
  })

  it('is hidden in rows of the audit trail, whose keys are not judged', () => {
    const row = { reason: `failed for ${canary}`, data: { token: 'tok-1', tried: [canary], count: 3 } }
    expect(redaction.audit(row, [canary])).toEqual({
      reason: `failed for ${mask}`,
      data: { token: 'tok-1', tried: [mask], count: 3 },
    })
  })
})
