import { expect, it } from 'vitest'
import { clusterAlerts } from './cluster-alerts.ts'

const away = { reason: 'connect ECONNREFUSED', since: 1000 }
const rows: [label: string, away: typeof away | undefined, now: number, kinds: string[]][] = [
  ['answers', undefined, 90_000, []],
  ['is started anew', away, 60_999, []],
  ['is away for a minute', away, 61_000, ['cluster-unreachable']],
]
it.each(rows)('a cluster that %s', (_label, seen, now, kinds) => {
  expect(clusterAlerts('main', seen, now).map(({ kind }) => kind)).toEqual(kinds)
})
