/** Prometheus text format 0.0.4, for the few figures the web process has about itself. */
export interface Metrics {
  /** One answered request; `route` is the endpoint's template, so that the number of series is bounded. */
  request(route: string, method: string, status: number, seconds: number): void
  /** Text to serve; `gauges` are read now. */
  text(gauges: readonly Gauge[]): string
}

export interface Gauge {
  name: string
  help: string
  value: number
  labels?: Record<string, string>
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createMetrics(): Metrics {
  const requests = new Map<string, number>()
  const durations = new Map<string, { buckets: number[]; sum: number; count: number }>()

  return {
    request(route, method, status, seconds) {
      const key = labels({ route, method, status: String(status) })
      requests.set(key, (requests.get(key) ?? 0) + 1)
      const place = labels({ route, method })
      const seen = durations.get(place) ?? { buckets: bounds.map(() => 0), sum: 0, count: 0 }
      durations.set(place, seen)
      for (const [i, bound] of bounds.entries()) if (seconds <= bound) seen.buckets[i] = (seen.buckets[i] ?? 0) + 1
      seen.sum += seconds
      seen.count += 1
    },
    text(gauges) {
      const lines = ['# HELP wheelhouse_http_requests_total Answered requests.']
      lines.push('# TYPE wheelhouse_http_requests_total counter')
      for (const [key, count] of requests) lines.push(`wheelhouse_http_requests_total{${key}} ${count}`)
      lines.push('# HELP wheelhouse_http_request_seconds Time to the answer.')
      lines.push('# TYPE wheelhouse_http_request_seconds histogram')
      for (const [key, { buckets, sum, count }] of durations) {
        const series = 'wheelhouse_http_request_seconds'
        for (const [i, bound] of bounds.entries()) lines.push(`${series}_bucket{${key},le="${bound}"} ${buckets[i]}`)
        lines.push(`${series}_bucket{${key},le="+Inf"} ${count}`)
        lines.push(`${series}_sum{${key}} ${sum}`, `${series}_count{${key}} ${count}`)
      }
      for (const [name, group] of Map.groupBy(gauges, (gauge) => gauge.name)) {
        lines.push(`# HELP ${name} ${group[0]?.help}`, `# TYPE ${name} gauge`)
        for (const gauge of group)
          lines.push(`${name}${gauge.labels ? `{${labels(gauge.labels)}}` : ''} ${gauge.value}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}

function labels(given: Record<string, string>): string {
  return Object.entries(given)
    .map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`)
    .join(',')
}
