import { describe, expect, it } from 'vitest'
import { isSecretKey, redactDeep } from './redact-deep.ts'
import { redactManifest } from './redact-manifest.ts'
import { redactObject } from './redact-object.ts'
import { mask } from './mask.ts'
import { maxTextLength, redactText } from './redact-text.ts'

const canary = 'c4nary-hunter2-value'
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

describe('redactObject', () => {
  const base64 = Buffer.from(canary).toString('base64')
  const secret = { kind: 'Secret', metadata: { name: 'a' }, data: { password: base64 }, stringData: { token: canary } }
  const rows: [label: string, object: object][] = [
    ['a Secret', secret],
    ['a List', { kind: 'List', items: [secret] }],
    ['a SecretList whose items have no kind', { kind: 'SecretList', items: [{ ...secret, kind: undefined }] }],
    ['a Secret whose data is no map', { kind: 'Secret', data: canary }],
    ['a Secret with a value that is no text', { kind: 'Secret', data: { a: { b: canary } } }],
    [
      'a last-applied annotation',
      { kind: 'Secret', metadata: { annotations: { [lastApplied]: JSON.stringify(secret) } } },
    ],
    ['that of another kind', { kind: 'SealedSecret', metadata: { annotations: { [lastApplied]: canary } } }],
  ]
  it.each(rows)('hides the data of %s', (_label, object) => {
    const text = JSON.stringify(redactObject(object))
    expect(text).not.toContain(canary)
    expect(text).not.toContain(base64)
    expect(text).toContain(mask)
  })

  it('keeps keys, other kinds and its input', () => {
    const configMap = { kind: 'ConfigMap', data: { a: 'b' } }
    expect(redactObject(configMap)).toEqual(configMap)
    expect(redactObject(secret).data).toEqual({ password: mask })
    expect(secret.stringData.token).toBe(canary)
  })

  it('can tell changed values apart by a mask of the caller', () => {
    expect(redactObject(secret, (value) => `#${value.length}`).data).toEqual({ password: `#${base64.length}` })
  })
})

describe('redactText', () => {
  const secrets = [canary, 'multi\nline "secret" value']
  const rows: [label: string, text: string, mustNot: string][] = [
    ['a known secret', `failed with ${canary}!`, canary],
    [
      'a known secret in base64',
      Buffer.from(canary).toString('base64'),
      Buffer.from(canary).toString('base64').slice(0, 20),
    ],
    ['a known secret as JSON', JSON.stringify(secrets[1]), 'line \\"secret\\" value'],
    ['one line of a known secret', 'x line "secret" value y', '"secret"'],
    ['a known secret in a URL', `?q=${encodeURIComponent('line "secret" value')}`, '%22secret%22'],
    ['a password in a URL', 'fetch https://user:pa55word@git.example.org/x', 'pa55word'],
    ['a token in a URL', 'https://t0ken-of-mine@git.example.org', 't0ken'],
    ['an authorization header', 'Authorization: Bearer abcdef', 'abcdef'],
    ['a basic header', 'authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a GitHub token', 'ghp_0123456789abcdefghij0123456789', 'ghp_'],
    ['a JWT', 'eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl', 'eyJhbGci'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
    ['a private key cut off', '-----BEGIN PRIVATE KEY-----\nMIIE', 'MIIE'],
  ]
  it.each(rows)('hides %s', (_label, text, mustNot) => {
    const redacted = redactText(text, secrets)
    expect(redacted).not.toContain(mustNot)
    expect(redacted).toContain(mask)
  })

  const kept: [label: string, text: string, known: string[]][] = [
    ['ordinary words', 'the token was refused by https://git.example.org/a', []],
    ['words equal to short secrets', 'prod is up', ['prod']],
    ['an e-mail address', 'ann@example.org', []],
  ]
  it.each(kept)('keeps %s', (_label, text, known) => {
    expect(redactText(text, known)).toBe(text)
  })

  it('hides the longer of two secrets whole', () => {
    expect(redactText('abcdefghij', ['abcdef', 'abcdefghij'])).toBe(mask)
  })

  it('cuts long texts off, without showing part of a secret at the edge', () => {
    const text = `${'x'.repeat(maxTextLength - 5)}${canary}${'y'.repeat(100)}`
    const redacted = redactText(text, [canary])
    expect(redacted.length).toBeLessThan(maxTextLength + 60)
    expect(redacted).not.toContain(canary.slice(0, 5))
    expect(redacted).toContain('characters more')
  })
})

describe('redactManifest', () => {
  const configMap = '# Source: podinfo/templates/cm.yaml\napiVersion: v1\nkind: ConfigMap # keep\ndata: {a:   b}\n'
  const secret = `# Source: podinfo/templates/secret.yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  key: ${canary}\n`
  it('hides the data of Secrets and keeps everything else byte for byte', () => {
    const redacted = redactManifest(`---\n${configMap}---\n${secret}---\n${configMap}`)
    expect(redacted).not.toContain(canary)
    expect(redacted.split('---\n').filter((part) => part === configMap)).toHaveLength(2)
    expect(redacted).toContain('# Source: podinfo/templates/secret.yaml\n')
    expect(redacted).toContain('name: a')
    expect(redacted).toContain(mask)
  })

  const rows: [label: string, text: string][] = [
    ['a kind in quotes', secret.replace('kind: Secret', '"kind": "Secret"')],
    ['a kind with escapes', secret.replace('kind: Secret', 'kind: "\\x53ecret"')],
    ['JSON', JSON.stringify({ kind: 'Secret', data: { a: canary } })],
    ['a block scalar', secret.replace(canary, `|\n    ${canary}\n    more`)],
    ['an alias', `kind: Secret\nx: &a {k: ${canary}}\nstringData: *a\n`.replace('x: &a', 'data: &a')],
    ['a List', `kind: List\nitems:\n- kind: Secret\n  data: {a: ${canary}}\n`],
    ['YAML that cannot be read', `kind: Secret\ndata: {a: ${canary}\n`],
    ['two documents without a separator', `a: 1\n...\nkind: Secret\ndata: {a: ${canary}}\n`],
    ['a document that starts beside its separator', `---\n${configMap}--- {kind: Secret, data: {a: ${canary}}}\n`],
    ['a last-applied annotation', `metadata:\n  annotations:\n    ${lastApplied}: '{"a":"${canary}"}'\n`],
  ]
  it.each(rows)('hides %s', (_label, text) => {
    expect(redactManifest(text)).not.toContain(canary)
  })
})

describe('redactDeep', () => {
  const rows: [label: string, json: unknown, want: unknown][] = [
    [
      'keys that announce a secret',
      { dbPassword: canary, API_TOKEN: 12, 'api-key': 'x' },
      { dbPassword: mask, API_TOKEN: mask, 'api-key': mask },
    ],
    [
      'environment variables by their name',
      { env: [{ name: 'DB_PASSWORD', value: 'x' }] },
      { env: [{ name: 'DB_PASSWORD', value: mask }] },
    ],
    ['known secrets anywhere', { note: `is ${canary}` }, { note: `is ${mask}` }],
    ['lists below such keys', { passwords: ['x'], secrets: ['y'] }, { passwords: ['x'], secrets: [mask] }],
    [
      'not booleans, null or nothing',
      { password: '', token: null, secret: true },
      { password: '', token: null, secret: true },
    ],
    [
      'not names of Secrets',
      { existingSecret: 'a', secretName: 'b', imagePullSecrets: [{ name: 'c' }] },
      { existingSecret: 'a', secretName: 'b', imagePullSecrets: [{ name: 'c' }] },
    ],
  ]
  it.each(rows)('masks %s', (_label, json, want) => {
    expect(redactDeep(json, { knownSecrets: [canary] })).toEqual(want)
  })

  it('caps depth and length', () => {
    let deep: unknown = canary
    for (let index = 0; index < 100; index += 1) deep = { a: deep }
    expect(JSON.stringify(redactDeep(deep))).not.toContain(canary)
    expect((redactDeep(['x'.repeat(100_000)]) as string[])[0]?.length).toBeLessThan(70_000)
    expect(redactDeep(Array.from({ length: 10_001 }, () => 1))).toHaveLength(10_001)
  })

  const keys: [key: string, secret: boolean][] = [
    ['password', true],
    ['redis.auth.password', true],
    ['accessKey', true],
    ['key', false],
    ['publicKey', false],
    ['tokenTtl', false],
    ['pass', true],
    ['bypass', false],
  ]
  it.each(keys)('key %s: %s', (key, secret) => {
    expect(isSecretKey(key)).toBe(secret)
  })
})
