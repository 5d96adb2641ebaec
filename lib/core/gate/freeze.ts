import type { FreezeWindow, WeekTime } from './types.ts'
import { zoneClock } from './zone-clock.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
export const weekMs = 7 * dayMs
/** Weekly windows repeat themselves, but for the hours of summer time; beyond a year nothing new comes. */
const horizonMs = 54 * weekMs

export type FreezeVerdict =
  /** `until` undefined = it does not open within a year of the last date written. */
  | { frozen: true; windows: FreezeWindow[]; until: number | undefined }
  | { frozen: false; next?: { at: number; window: FreezeWindow } }

/** Instants, end exclusive. */
interface Interval {
  start: number
  end: number
}

type Occurrences = (around: number) => Interval[]

/** Whether anything is frozen at `now`, until when, or what comes next. Depends on nothing but `now`. */
export function freezeAt(windows: readonly FreezeWindow[], now: number): FreezeVerdict {
  const known = windows.map((window) => ({ window, occurrences: occurrencesOf(window) }))
  const covering = known.filter(({ occurrences }) => occurrences(now).some((interval) => isWithin(interval, now)))
  if (covering.length > 0) {
    const until = openingAfter(windows, known, now)
    return { frozen: true, windows: covering.map(({ window }) => window), until }
  }
  const starts = known.flatMap(({ window, occurrences }) =>
    occurrences(now)
      .filter(({ start, end }) => start > now && end > start)
      .map(({ start }) => ({ at: start, window })),
  )
  const [next] = starts.sort((a, b) => a.at - b.at)
  return next ? { frozen: false, next } : { frozen: false }
}

function openingAfter(
  windows: readonly FreezeWindow[],
  known: readonly { occurrences: Occurrences }[],
  now: number,
): number | undefined {
  const dates = windows.map((window) => (window.kind === 'once' ? window.to : now))
  const horizon = Math.max(now, ...dates) + horizonMs
  let at = now
  while (at <= horizon) {
    const ends = known.flatMap(({ occurrences }) =>
      occurrences(at)
        .filter((interval) => isWithin(interval, at))
        .map(({ end }) => end),
    )
    if (ends.length === 0) return at
    at = Math.max(...ends)
  }
  return undefined
}

/** The intervals of a window that cover an instant or come next after it, and perhaps others nearby. */
function occurrencesOf(window: FreezeWindow): Occurrences {
  switch (window.kind) {
    case 'once':
      return () => [{ start: window.from, end: window.to }]
    case 'weekly': {
      const clock = zoneClock(window.zone)
      const from = wallOf(window.from)
      const length = spanOf(window.from, window.to)
      return (around) => {
        const wall = clock.wallAt(around)
        const monday = wall - mondayAgo(wall)
        // Whoever froze 02:30 in the night the clock is set back means both of them.
        return [-1, 0, 1].map((weeks) => {
          const start = monday + weeks * weekMs + from
          return { start: clock.instantsOf(start).first, end: clock.instantsOf(start + length).last }
        })
      }
    }
  }
}

/** Milliseconds from `from` to the next `to`, by the wall clock; a whole week where they are equal. */
export function spanOf(from: WeekTime, to: WeekTime): number {
  return (((wallOf(to) - wallOf(from) + weekMs) % weekMs) + weekMs) % weekMs || weekMs
}

function wallOf({ day, minute }: WeekTime): number {
  return day * dayMs + minute * minuteMs
}

/** Milliseconds since the Monday before, at midnight. */
function mondayAgo(wall: number): number {
  const weekday = (new Date(wall).getUTCDay() + 6) % 7
  return weekday * dayMs + (((wall % dayMs) + dayMs) % dayMs)
}

function isWithin({ start, end }: Interval, at: number): boolean {
  return start <= at && at < end
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** For people: `Friday 18:00 to Monday 07:00 (Europe/Berlin)`. */
export function describeWindow(window: FreezeWindow): string {
  if (window.kind === 'once') return `${formatInstant(window.from)} to ${formatInstant(window.to)}`
  return `${weekTime(window.from)} to ${weekTime(window.to)} (${window.zone})`
}

export function formatInstant(instant: number): string {
  return Math.abs(instant) <= 8.64e15 ? new Date(instant).toISOString().replace('.000Z', 'Z') : 'a time out of range'
}

function weekTime({ day, minute }: WeekTime): string {
  return `${weekdays[day] ?? 'Monday'} ${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
