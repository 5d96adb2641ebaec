const instant = /(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))/

/** `since 2026-11-25T19:36:57Z: ready` → words and, between them, milliseconds since the epoch. */
export function splitTimes(text: string): (string | number)[] {
  return text
    .split(instant)
    .map((part, at) => (at % 2 === 1 ? Date.parse(part) : part))
    .filter((part) => part !== '')
}

/** `19:36` today, `Tue 24 Nov, 19:36` on another day, in the reader's zone. */
export function timeWords(at: number, now: number): string {
  const time = new Date(at)
  const sameDay = time.toDateString() === new Date(now).toDateString()
  return time.toLocaleString('en-GB', {
    ...(sameDay ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
  })
}
