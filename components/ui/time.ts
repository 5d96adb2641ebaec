const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** `just now`, `40 s`, `4 min`, `2 h`, `3 d`, then the date. Same words for past and future. */
export function relativeTime(at: number, now: number): string {
  const distance = Math.abs(now - at)
  if (distance < 10 * second) return 'just now'
  if (distance < minute) return `${Math.floor(distance / second)} s`
  if (distance < hour) return `${Math.floor(distance / minute)} min`
  if (distance < day) return `${Math.floor(distance / hour)} h`
  if (distance < 60 * day) return `${Math.floor(distance / day)} d`
  return new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
}

/** `4 min ago`, `in 4 min`; a date and `just now` stay as they are. */
export function withDirection(words: string, future: boolean): string {
  if (!/^\d+ (?:s|min|h|d)$/.test(words)) return words
  return future ? `in ${words}` : `${words} ago`
}

/** `24 Nov 2026, 14:02:01` in the reader's zone, with the zone. */
export function absoluteTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
}

const two = (value: number) => String(value).padStart(2, '0')

/** `14:02:01.120` in the reader's zone. */
export function clockTime(at: number): string {
  const time = new Date(at)
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`
}

/** `0.21 s`, `14 s`, `3 min 05 s`, `2 h 11 min`, `3 d 4 h`. Negative counts as nothing. */
export function duration(ms: number): string {
  if (ms < 0) return '0 s'
  if (ms < 10 * second) return `${(ms / second).toFixed(2)} s`
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour)
    return `${Math.floor(ms / minute)} min ${String(Math.floor((ms % minute) / second)).padStart(2, '0')} s`
  if (ms < day) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / hour)} h`
}
