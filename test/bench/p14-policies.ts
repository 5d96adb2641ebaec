import { decideTag, parsePolicy, type TagFact } from '#lib/core/policy/index.ts'
import type { Context, Figures } from './scenario.ts'
import { p95, rounded } from './statistics.ts'

const tagCount = 100_000
const targetMs = 50
const runs = 30

const policies = [
  { written: 'glob:dev-*', current: 'dev-00000000' },
  { written: 'glob:*-build*-7', current: 'dev-00000000' },
  { written: 'semver:~1.4', current: '1.4.0' },
  { written: 'semver:>=1.0.0 <3.0.0 || 5.x', current: '1.4.0' },
  { written: 'regexp:^dev-[a-z0-9]{8}$', current: 'dev-00000000' },
  { written: 'regexp:build[0-9]+-7$', current: 'dev-00000000' },
]

/** One decision of a policy over 100,000 tags of which all build times are known. */
export async function measurePolicies({ options }: Context): Promise<Figures> {
  const tags = makeTags()
  const figures = policies.map(({ written, current }) => {
    const parsed = parsePolicy(written)
    if (!parsed.ok) throw new Error(`${written}: ${parsed.problem.message}`)
    const times: number[] = []
    let kind = ''
    for (let run = 0; run < runs; run++) {
      const from = performance.now()
      kind = decideTag({ policy: parsed.policy, current, tags }).kind
      times.push(performance.now() - from)
    }
    // The first one includes what the engine has to compile.
    return { policy: written, decision: kind, firstMs: rounded(times[0] ?? 0, 1), p95Ms: rounded(p95(times), 1) }
  })
  options.log(figures.map(({ policy, p95Ms }) => `${policy} ${p95Ms}`).join(', '))
  const figure = Math.max(...figures.map(({ p95Ms }) => p95Ms))
  return {
    figure,
    unit: 'ms',
    baseline: null,
    ratio: null,
    target: 'glob, semver, regexp over 100,000 tags ≤50 ms each',
    met: figure <= targetMs,
    details: { tags: tagCount, runs, policies: figures },
  }
}

/** A third each: branch and commit, version, version with build. Always the same. */
function makeTags(): TagFact[] {
  const start = Date.UTC(2020, 0, 1)
  return Array.from({ length: tagCount }, (_, index): TagFact => {
    const created = start + index * 60_000
    const digest = `sha256:${index.toString(16).padStart(64, '0')}`
    if (index % 3 === 0) return { name: `dev-${index.toString(36).padStart(8, '0')}`, created, digest }
    const version = `${index % 7}.${index % 11}.${index % 1009}`
    return { name: index % 3 === 1 ? version : `${version}-build${index}-${index % 10}`, created, digest }
  })
}
