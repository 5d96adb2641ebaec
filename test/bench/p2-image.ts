import { sinceStarts } from './audit-times.ts'
import { keyOf } from './bench-releases.ts'
import { inTurns } from './in-turns.ts'
import type { Context, Figures } from './scenario.ts'
import { median, p95, rounded, summary } from './statistics.ts'

/** Commits are gathered for longer where one was made within the last five seconds; here each finds a quiet branch. */
const restMs = 5_500

const steps = ['decision.made', 'commit.done', 'upgrade.intent', 'upgrade.done']

/** A new image of one of 100 releases in the registry, until the revision that runs it is deployed. */
export async function measureImage({ options, settled }: Context): Promise<Figures> {
  const bench = await settled()
  const taggedAt: number[] = []
  const turns = await inTurns(bench, options, restMs, async (name, turn) => {
    const before = bench.watcher.version(keyOf(name))
    const from = await bench.pushTag(name, `dev-${turn + 1}`)
    taggedAt.push(from)
    return (await bench.watcher.deployedAbove(keyOf(name), before)) - from
  })
  const baseline = median(turns.bare)
  const figure = p95(turns.ours)
  return {
    figure: Math.round(figure),
    unit: 'ms',
    baseline: Math.round(baseline),
    ratio: rounded(figure / baseline),
    target: '≤ B + 1.0 s p95',
    met: figure <= baseline + 1_000,
    details: {
      overB: Math.round(figure - baseline),
      ours: summary(turns.ours),
      bare: summary(turns.bare),
      bareUntilExit: summary(turns.bareUntilExit),
      sinceTag: await sinceStarts(bench, taggedAt, steps),
    },
  }
}
