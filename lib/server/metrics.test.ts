import { expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'

it('counts requests and their time by route, in the Prometheus text format', () => {
  const metrics = createMetrics()
  metrics.request('/api/v1/releases', 'GET', 200, 0.02)
  metrics.request('/api/v1/releases', 'GET', 401, 0.001)
  const lines = metrics.text([{ name: 'up', help: 'Up.', value: 1, labels: { why: 'a "b"\n' } }]).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'wheelhouse_http_requests_total{route="/api/v1/releases",method="GET",status="200"} 1',
      'wheelhouse_http_request_seconds_bucket{route="/api/v1/releases",method="GET",le="0.01"} 1',
      'wheelhouse_http_request_seconds_bucket{route="/api/v1/releases",method="GET",le="+Inf"} 2',
      'wheelhouse_http_request_seconds_count{route="/api/v1/releases",method="GET"} 2',
      '# TYPE up gauge',
      'up{why="a \\"b\\"\\n"} 1',
    ]),
  )
})
