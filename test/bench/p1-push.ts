import { sinceStarts } from './audit-times.ts'
import { keyOf, pathOf, withNote } from './bench-releases.ts'
import { inTurns } from './in-turns.ts'
import type { Context, Figures } from './scenario.ts'
import { median, p95, rounded, summary } from './statistics.ts'

/** A commit that changes the values of one of 100 releases, pushed with a webhook, until its revision is deployed. */
export async function measurePush({ options, settled }: Context): Promise<Figures> {
  const bench = await settled()
  const pushedAt: number[] = []
  const turns = await inTurns(bench, options, 1_500, async (name, turn) => {
    await bench.config.edit([pathOf(name)], (text) => withNote(text, `push ${turn}`), `Change ${name}`)
    const before = bench.watcher.version(keyOf(name))
    const from = await bench.config.push()
    pushedAt.push(from)
    return (await bench.watcher.deployedAbove(keyOf(name), before)) - from
  })
  const baseline = median(turns.bare)
  const figure = median(turns.ours)
  const overhead = p95(turns.ours) - baseline
  return {
    figure: Math.round(figure),
    unit: 'ms',
    baseline: Math.round(baseline),
    ratio: rounded(figure / baseline),
    target: '≤1.35 × B median; own overhead ≤300 ms p95',
    met: figure <= 1.35 * baseline && overhead <= 300,
    details: {
      overheadP95: Math.round(overhead),
      ours: summary(turns.ours),
      bare: summary(turns.bare),
      bareUntilExit: summary(turns.bareUntilExit),
      sincePush: await sinceStarts(bench, pushedAt, ['upgrade.intent', 'upgrade.done']),
    },
  }
}
