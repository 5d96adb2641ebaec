import { describe, expect, it } from 'vitest'
import { describeWindow, freezeAt } from './freeze.ts'
import type { FreezeWindow } from './types.ts'
import { isTimeZone, zoneClock } from './zone-clock.ts'

const at = (text: string): number => Date.parse(text)
const clock = (text: string): { day: number; minute: number } => {
  const [day = '', time = ''] = text.split(' ')
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return { day: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].indexOf(day), minute: hours * 60 + minutes }
}
const weekly = (from: string, to: string, zone: string, reason = 'weekend'): FreezeWindow => ({
  kind: 'weekly',
  from: clock(from),
  to: clock(to),
  zone,
  reason,
})
const once = (from: string, to: string): FreezeWindow => ({ kind: 'once', from: at(from), to: at(to), reason: 'sale' })

const berlin = weekly('fri 18:00', 'mon 07:00', 'Europe/Berlin')
const night = weekly('sun 02:30', 'sun 05:00', 'Europe/Berlin')
const lateNight = weekly('sat 20:00', 'sun 02:30', 'Europe/Berlin')
const sale = once('2026-11-26T00:00:00Z', '2026-12-01T00:00:00Z')

const text = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z')

/** `open <next start>`, `until <end>` or `never`. */
function tell(windows: readonly FreezeWindow[], now: string): string {
  const verdict = freezeAt(windows, at(now))
  if (!verdict.frozen) return verdict.next ? `open, next ${text(verdict.next.at)}` : 'open'
  return verdict.until === undefined ? 'never' : `until ${text(verdict.until)}`
}

describe('freezeAt', () => {
  const rows: [label: string, windows: FreezeWindow[], now: string, want: string][] = [
    ['no window', [], '2026-11-27T12:00:00Z', 'open'],
    ['once: before', [sale], '2026-11-25T23:59:59Z', 'open, next 2026-11-26T00:00Z'],
    ['once: its first instant', [sale], '2026-11-26T00:00:00Z', 'until 2026-12-01T00:00Z'],
    ['once: its last instant', [sale], '2026-11-30T23:59:59.999Z', 'until 2026-12-01T00:00Z'],
    ['once: its end is open', [sale], '2026-12-01T00:00:00Z', 'open'],
    ['weekly, winter: before', [berlin], '2026-01-16T16:59:59Z', 'open, next 2026-01-16T17:00Z'],
    ['weekly, winter: within', [berlin], '2026-01-16T17:00:00Z', 'until 2026-01-19T06:00Z'],
    ['weekly, over the end of the week', [berlin], '2026-01-19T05:59:59Z', 'until 2026-01-19T06:00Z'],
    ['weekly, winter: over', [berlin], '2026-01-19T06:00:00Z', 'open, next 2026-01-23T17:00Z'],
    ['weekly, summer: one hour earlier', [berlin], '2026-07-17T16:00:00Z', 'until 2026-07-20T05:00Z'],
    ['the clock is set forward within', [berlin], '2026-03-27T17:00:00Z', 'until 2026-03-30T05:00Z'],
    ['the clock is set back within', [berlin], '2026-10-23T16:00:00Z', 'until 2026-10-26T06:00Z'],
    ['a start that is skipped: at the jump', [night], '2026-03-29T00:59:59Z', 'open, next 2026-03-29T01:00Z'],
    ['a start that is skipped: frozen from the jump', [night], '2026-03-29T01:00:00Z', 'until 2026-03-29T03:00Z'],
    ['a start that comes twice: the first', [night], '2026-10-25T00:29:59Z', 'open, next 2026-10-25T00:30Z'],
    ['an end that comes twice: the last', [lateNight], '2026-10-25T00:45:00Z', 'until 2026-10-25T01:30Z'],
    ['an end that is skipped: the jump', [lateNight], '2026-03-29T00:59:00Z', 'until 2026-03-29T01:00Z'],
    [
      'two that meet',
      [berlin, weekly('mon 07:00', 'mon 09:00', 'Europe/Berlin')],
      '2026-01-17T00:00:00Z',
      'until 2026-01-19T08:00Z',
    ],
    [
      'two that overlap',
      [berlin, once('2026-01-18T00:00:00Z', '2026-01-20T12:00:00Z')],
      '2026-01-17T00:00:00Z',
      'until 2026-01-20T12:00Z',
    ],
    [
      'windows that leave no time',
      [berlin, weekly('mon 07:00', 'fri 18:00', 'Europe/Berlin')],
      '2026-01-17T00:00:00Z',
      'never',
    ],
    ['a whole week', [weekly('mon 00:00', 'mon 00:00', 'UTC')], '2026-01-17T00:00:00Z', 'never'],
    [
      'an end far away',
      [once('2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z')],
      '2026-01-17T00:00:00Z',
      'until 2099-01-01T00:00Z',
    ],
    [
      'half an hour zone',
      [weekly('sat 00:00', 'sun 00:00', 'Asia/Kolkata')],
      '2026-01-16T18:30:00Z',
      'until 2026-01-17T18:30Z',
    ],
    [
      'a zone behind UTC',
      [weekly('sat 00:00', 'sun 00:00', 'America/Los_Angeles')],
      '2026-01-17T07:59:00Z',
      'open, next 2026-01-17T08:00Z',
    ],
  ]
  it.each(rows)('%s', (_label, windows, now, want) => {
    expect(tell(windows, now)).toBe(want)
  })

  it('says the same at one time however often and in whatever order it is asked', () => {
    const instants = Array.from({ length: 100 }, (_, step) => at('2026-03-20T00:00:00Z') + step * 18_000_000)
    const forwards = instants.map((now) => freezeAt([berlin, sale], now))
    const backwards = instants.toReversed().map((now) => freezeAt([berlin, sale], now))
    expect(backwards.toReversed()).toEqual(forwards)
  })

  it.each(['2026-03-24T00:00:00Z', '2026-10-20T00:00:00Z'])(
    'opens when it says it does, in the days from %s',
    (from) => {
      const windows = [berlin, night, lateNight]
      for (let hour = 0; hour < 9 * 24; hour += 7) {
        const now = at(from) + hour * 3_600_000
        const verdict = freezeAt(windows, now)
        const edge = (verdict.frozen ? verdict.until : verdict.next?.at) ?? 0
        expect(edge).toBeGreaterThan(now)
        expect(freezeAt(windows, edge - 1).frozen).toBe(verdict.frozen)
        expect(freezeAt(windows, edge).frozen).toBe(!verdict.frozen)
      }
    },
  )
})

describe('zoneClock', () => {
  const rows: [label: string, zone: string, wall: string, first: string, last: string][] = [
    ['plain', 'Europe/Berlin', '2026-01-01T12:00Z', '2026-01-01T11:00Z', '2026-01-01T11:00Z'],
    ['set back', 'Europe/Berlin', '2026-10-25T02:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z'],
    ['set forward', 'Europe/Berlin', '2026-03-29T02:30Z', '2026-03-29T01:00Z', '2026-03-29T01:00Z'],
    [
      'half an hour of summer time',
      'Australia/Lord_Howe',
      '2026-10-04T02:15Z',
      '2026-10-03T15:30Z',
      '2026-10-03T15:30Z',
    ],
    ['a day that never was', 'Pacific/Apia', '2011-12-30T12:00Z', '2011-12-30T10:00Z', '2011-12-30T10:00Z'],
    ['UTC', 'UTC', '2026-01-01T12:00Z', '2026-01-01T12:00Z', '2026-01-01T12:00Z'],
  ]
  it.each(rows)('%s', (_label, zone, wall, first, last) => {
    expect(zoneClock(zone).instantsOf(at(wall))).toEqual({ first: at(first), last: at(last) })
  })
})

it.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Atlantis', false],
  ['+02:00', false],
  ['', false],
])('isTimeZone %s: %s', (zone, want) => {
  expect(isTimeZone(zone)).toBe(want)
})

it('describes windows', () => {
  expect(describeWindow(berlin)).toBe('Friday 18:00 to Monday 07:00 (Europe/Berlin)')
  expect(describeWindow(sale)).toBe('2026-11-26T00:00:00Z to 2026-12-01T00:00:00Z')
})
