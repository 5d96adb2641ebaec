import { describe, expect, it } from 'vitest'
import { jsonLog } from './json-log.ts'

function lines(run: (log: ReturnType<typeof jsonLog>) => void): Record<string, unknown>[] {
  const written: string[] = []
  run(jsonLog({ clock: { now: () => 0 }, write: (line) => written.push(line) }))
  return written.map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('jsonLog', () => {
  it('writes one JSON object a line', () => {
    expect(lines((log) => log.info('release upgraded', { revision: 3 }))).toEqual([
      { time: '1970-01-01T00:00:00.000Z', level: 'info', message: 'release upgraded', revision: 3 },
    ])
  })

  it('drops lines below its level', () => {
    expect(lines((log) => log.debug('detail'))).toEqual([])
  })

  it('carries the fields of with()', () => {
    expect(lines((log) => log.with({ loop: 'scan' }).warn('slow', { ms: 7 }))[0]).toMatchObject({ loop: 'scan', ms: 7 })
  })

  const masked: [label: string, fields: Record<string, unknown>][] = [
    ['a field called token', { token: 'canary' }],
    ['a nested password', { registry: { password: 'canary' } }],
    ['an authorization header', { headers: { Authorization: 'Bearer canary' } }],
    ['credentials in a URL', { url: 'https://user:canary@example.com/repo.git' }],
    ['credentials in the message of an error', { error: new Error('cannot reach https://u:canary@example.com') }],
  ]
  it.each(masked)('masks %s', (_label, fields) => {
    expect(JSON.stringify(lines((log) => log.error('failed', fields)))).not.toContain('canary')
  })
})
