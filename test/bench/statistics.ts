/** The value below which the share `at` (0–1) of the samples lies, interpolated; NaN of none. */
export function percentile(samples: readonly number[], at: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const place = (sorted.length - 1) * at
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5)
export const p95 = (samples: readonly number[]): number => percentile(samples, 0.95)

/** What a reader wants of a series: how many, middle, tail and ends, in whole units. */
export function summary(samples: readonly number[]) {
  return {
    samples: samples.length,
    median: Math.round(median(samples)),
    p95: Math.round(p95(samples)),
    min: Math.round(Math.min(...samples)),
    max: Math.round(Math.max(...samples)),
  }
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}
