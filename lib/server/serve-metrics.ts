import type { Gauge } from './metrics.ts'
import { apiHeaders } from './respond.ts'
import type { RawGiven } from './route.ts'
import type { WebDeps } from './web-deps.ts'

/** Prometheus text. The process's own figures are served even while the database is away. */
export async function serveMetrics({ deps }: Pick<RawGiven, 'deps'>): Promise<Response> {
  const text = deps.metrics.text([...ownGauges(deps), ...(await storeGauges(deps))])
  return new Response(text, {
    headers: { ...apiHeaders, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
  })
}

function ownGauges(deps: WebDeps): Gauge[] {
  const memory = process.memoryUsage()
  const cpu = process.cpuUsage()
  return [
    { name: 'process_resident_memory_bytes', help: 'Memory of the web process.', value: memory.rss },
    { name: 'process_heap_bytes', help: 'JavaScript heap in use.', value: memory.heapUsed },
    { name: 'process_cpu_seconds', help: 'Processor time since start.', value: (cpu.user + cpu.system) / 1e6 },
    { name: 'process_uptime_seconds', help: 'Seconds since start.', value: process.uptime() },
    { name: 'wheelhouse_event_streams', help: 'Browsers that follow live.', value: deps.live.clients() },
  ]
}

function up(value: 0 | 1): Gauge {
  return { name: 'wheelhouse_database_up', help: 'The database answers.', value }
}

async function storeGauges(deps: WebDeps): Promise<Gauge[]> {
  try {
    const [outbox, alerts, lease] = await Promise.all([
      deps.store.outboxHead(),
      deps.store.listAlerts({ open: true, limit: 500 }),
      deps.store.leaseHolder(`cluster:${deps.shown.clusterName}`),
    ])
    const working = lease !== undefined && lease.expiresAt > deps.clock.now()
    return [
      up(1),
      { name: 'wheelhouse_outbox_position', help: 'Position of the newest live event.', value: outbox },
      ...(['critical', 'warning'] as const).map((severity) => ({
        name: 'wheelhouse_open_alerts',
        help: 'Open incidents, counted up to 500.',
        value: alerts.filter((alert) => alert.severity === severity).length,
        labels: { severity },
      })),
      { name: 'wheelhouse_worker_up', help: 'A worker holds the lease of the cluster.', value: working ? 1 : 0 },
    ]
  } catch {
    return [up(0)]
  }
}
