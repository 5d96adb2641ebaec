const dayMs = 86_400_000

/**
 * The wall clock of a time zone. A wall time is written as the milliseconds that UTC would show the same date and time at,
 * so that days and weeks are added to it by plain arithmetic.
 */
export interface ZoneClock {
  wallAt: (instant: number) => number
  /**
   * When the clock shows a wall time: twice where it is set back, so `first` and `last` differ. A time that is skipped
   * counts as the moment at which it is.
   */
  instantsOf: (wall: number) => { first: number; last: number }
}

/** Whether `zone` is a name of the IANA time zone database (or UTC). */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Throws RangeError for a zone that is none. */
export function zoneClock(zone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const wallAt = (instant: number): number => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const date = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    return date + (((instant % 1_000) + 1_000) % 1_000)
  }
  const offsetAt = (instant: number): number => wallAt(instant) - instant
  const instantsOf = (wall: number): { first: number; last: number } => {
    const [before, after] = [offsetAt(wall - dayMs), offsetAt(wall + dayMs)]
    const shown = [...new Set([before, after])].map((offset) => wall - offset).filter((at) => wallAt(at) === wall)
    const [first, ...others] = shown.sort((a, b) => a - b)
    if (first !== undefined) return { first, last: others.at(-1) ?? first }
    const jump = changeOf(offsetAt, wall - dayMs, wall + dayMs)
    return { first: jump, last: jump }
  }
  return { wallAt, instantsOf }
}

/** The first instant behind `low` with another offset than there, given that `high` has one. */
function changeOf(offsetAt: (instant: number) => number, low: number, high: number): number {
  const offset = offsetAt(low)
  let [same, other] = [low, high]
  while (other - same > 1) {
    const middle = Math.floor((same + other) / 2)
    if (offsetAt(middle) === offset) same = middle
    else other = middle
  }
  return other
}
