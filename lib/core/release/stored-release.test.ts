import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { explainStuck } from './explain-stuck.ts'
import { redaction } from '../redact/index.ts'
import { decodeHelmRelease } from './stored-release.ts'
import type { HelmRevisionMeta, HelmStatus, ReleaseSeen } from './types.ts'

const payload = {
  name: 'dev-podinfo',
  namespace: 'dev',
  version: 3,
  manifest: '---\nkind: ConfigMap\n',
  config: { replicaCount: 1 },
  info: {
    status: 'deployed',
    description: 'Upgrade complete',
    notes: 'open it',
    first_deployed: '2018-08-01T10:00:00Z',
    last_deployed: '2018-08-02T10:00:00.123456789+02:00',
    deleted: '',
  },
  chart: { metadata: { name: 'podinfo', version: '0.2.1', appVersion: '0.4' }, values: { replicaCount: 2 } },
  hooks: [
    {
      name: 'h',
      kind: 'Job',
      path: 't.yaml',
      manifest: 'kind: Job',
      events: ['pre-upgrade'],
      weight: 1,
      last_run: { phase: 'Failed' },
    },
  ],
}
const encode = (value: unknown, zip = true): string => {
  const json = Buffer.from(JSON.stringify(value))
  return Buffer.from((zip ? gzipSync(json) : json).toString('base64')).toString('base64')
}

describe('decodeHelmRelease', () => {
  it('reads what Helm stored, with the labels people gave', () => {
    expect(decodeHelmRelease(encode(payload), { owner: 'helm', version: '3', 'wheelhouse.dev/commit': 'abc' })).toEqual(
      {
        name: 'dev-podinfo',
        namespace: 'dev',
        revision: 3,
        status: 'deployed',
        description: 'Upgrade complete',
        notes: 'open it',
        firstDeployedAt: Date.UTC(2018, 7, 1, 10),
        lastDeployedAt: Date.UTC(2018, 7, 2, 8, 0, 0, 123),
        chart: { name: 'podinfo', version: '0.2.1', appVersion: '0.4' },
        config: { replicaCount: 1 },
        manifest: payload.manifest,
        hooks: [
          {
            name: 'h',
            kind: 'Job',
            path: 't.yaml',
            manifest: 'kind: Job',
            events: ['pre-upgrade'],
            weight: 1,
            phase: 'Failed',
          },
        ],
        labels: { 'wheelhouse.dev/commit': 'abc' },
      },
    )
  })

  it('reads a payload that is not compressed, and one with little in it', () => {
    expect(decodeHelmRelease(encode(payload, false))?.revision).toBe(3)
    expect(decodeHelmRelease(encode({ name: 'a' }))).toMatchObject({
      status: 'unknown',
      hooks: [],
      config: {},
      manifest: '',
    })
  })

  const bad: [label: string, data: string][] = [
    ['nothing', ''],
    ['other text', 'aGVsbG8='],
    ['damaged gzip', Buffer.from(Buffer.from([0x1f, 0x8b, 1, 2]).toString('base64')).toString('base64')],
    ['JSON without a name', encode({})],
    ['a list', encode([1])],
  ]
  it.each(bad)('gives nothing for %s', (_label, data) => {
    expect(decodeHelmRelease(data)).toBeUndefined()
  })
})

describe('redaction of values', () => {
  it('masks passwords and known secrets, and nothing else', () => {
    const values = { db: { password: 'x', host: 'db' }, note: 'has c4nary in it' }
    expect(redaction.values(values, ['c4nary'])).toEqual({
      db: { password: '••••••••', host: 'db' },
      note: 'has •••••••• in it',
    })
  })
})

const head = (status: HelmStatus, attempt?: string): HelmRevisionMeta[] => [
  { revision: 4, status, modifiedAt: 0, ...(attempt ? { attempt } : {}) },
]

describe('explainStuck', () => {
  type Attempt = NonNullable<ReleaseSeen['lastAttempt']>
  const attempt = (outcome: Attempt['outcome']): Attempt => ({
    id: 'try',
    inputs: 'i',
    outcome,
    failures: 2,
    operation: 'op',
    message: 'timed out',
  })
  const rows: [
    label: string,
    history: HelmRevisionMeta[],
    last: Attempt | undefined,
    offer: string | undefined,
    says: string,
  ][] = [
    ['all is well', head('deployed', 'try'), attempt('succeeded'), undefined, ''],
    ['nothing installed', [], undefined, undefined, ''],
    ['our dead attempt', head('pending-upgrade', 'try'), attempt('dead'), 'none', 'proven dead'],
    ['our running attempt', head('pending-upgrade', 'try'), attempt('running'), 'none', 'still running'],
    [
      'our failed attempt that is still called pending',
      head('pending-upgrade', 'try'),
      attempt('failed'),
      'retry',
      'timed out',
    ],
    ["someone else's", head('pending-install'), undefined, 'unlock', 'Someone else'],
    ['an uninstall that stopped', head('uninstalling'), undefined, 'unlock', 'uninstalled'],
    ['a failed upgrade', head('failed', 'try'), attempt('failed'), 'retry', 'timed out'],
    [
      'an upgrade that left nothing',
      head('deployed', 'older'),
      attempt('failed'),
      'retry',
      'The upgrade failed, 2 times',
    ],
    ['an install that left nothing', [], attempt('failed'), 'retry', 'The installation failed, 2 times'],
    ['a failed hook', head('failed', 'try'), attempt('hook-failed'), 'retry', 'hook'],
    ['failed tests', head('deployed', 'try'), attempt('test-failed'), 'retry', 'tests'],
    ['a failure of someone else', head('failed'), undefined, 'retry', 'someone else'],
    ['a failure someone has mended', head('deployed'), attempt('hook-failed'), undefined, ''],
  ]
  it.each(rows)('%s', (_label, history, last, offer, says) => {
    const told = explainStuck(history, last)
    expect(told?.offer).toBe(offer)
    expect(JSON.stringify(told) ?? '').toContain(says)
  })
})
