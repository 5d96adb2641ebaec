import { sentence } from '../problem/index.ts'
import type { CheckReport, ChecksSeen, GateInput, GateResult, WhoCould } from './types.ts'

type Judged = { name: string; kind: 'failed' | 'waits' | 'passed'; says: string }

/**
 * What systems outside say of this very plan, or of its commit. Of several words about one check the worst counts; a check
 * that failed does not pass by waiting.
 */
export function evaluateChecks(
  { checks, planDigest }: Pick<GateInput, 'checks' | 'planDigest'>,
  names: readonly string[],
  who: WhoCould[],
): GateResult {
  const gate = 'checks'
  const judged = names.map((name) => judge(name, checks?.reports ?? [], planDigest))
  const of = (kind: Judged['kind']) => judged.filter((one) => one.kind === kind).map(({ says }) => says)
  const evidence = [...of('failed'), ...of('waits'), ...unreachable(judged, checks), ...of('passed')].join(' ')
  if (of('failed').length > 0) return { gate, verdict: 'refused', evidence, whoCould: who }
  if (of('waits').length > 0) return { gate, verdict: 'waiting', evidence, whoCould: who }
  return { gate, verdict: 'passed', evidence }
}

function judge(name: string, reports: readonly CheckReport[], planDigest: string): Judged {
  const all = reports.filter((report) => report.name === name)
  const current = all.filter((report) => report.planDigest === planDigest)
  const worst = (['failure', 'pending', 'success'] as const)
    .map((state) => current.find((report) => report.state === state))
    .find((report) => report !== undefined)
  if (!worst) {
    const says = all.length > 0 ? `${name} was about another plan.` : `${name} has not reported yet.`
    return { name, kind: 'waits', says }
  }
  const { state, description } = worst
  const words = description ? `: ${sentence(description)}` : '.'
  switch (state) {
    case 'failure':
      return { name, kind: 'failed', says: `${name} failed${words}` }
    case 'pending':
      return { name, kind: 'waits', says: `${name} is not done${words}` }
    case 'success':
      return { name, kind: 'passed', says: `${name} passed${words}` }
  }
}

/** No matter where nothing is missing. */
function unreachable(judged: readonly Judged[], checks: ChecksSeen | undefined): string[] {
  const isMissing = judged.some(({ kind }) => kind === 'waits')
  return isMissing && checks?.unreachable !== undefined ? [sentence(checks.unreachable)] : []
}
