import type { Gate, Promotion, PromotionDetail } from '#lib/api/promotions.ts'
import type { State } from '../ui/state-icon.tsx'

type PromotionState = Promotion['state']

interface Look {
  state: State
  words: string
  /** The same where there is no room. */
  short?: string
}

const looks: Record<PromotionState, Look> = {
  planned: { state: 'none', words: 'Planned' },
  waiting: { state: 'wait', words: 'Waiting' },
  approved: { state: 'wait', words: 'Ready to promote', short: 'Ready' },
  writing: { state: 'run', words: 'Writing to Git', short: 'Writing' },
  deploying: { state: 'run', words: 'Deploying' },
  verifying: { state: 'run', words: 'Deployed, being verified', short: 'Being verified' },
  verified: { state: 'ok', words: 'Verified' },
  refused: { state: 'bad', words: 'Refused' },
  failed: { state: 'bad', words: 'Failed' },
  superseded: { state: 'none', words: 'Superseded' },
  'rolled-back': { state: 'bad', words: 'Rolled back' },
}

/** How a promotion stands. What is promoted and what runs are never the same word. */
export function promotionLook({ state, applied }: Pick<Promotion, 'state' | 'applied'>): Look {
  return state === 'approved' && applied ? { state: 'run', words: 'Gates open' } : looks[state]
}

/** How a promotion stands, or what it waits for, where there is room for no more than two words. */
export function shortWords({ state, applied, waitsFor }: Pick<Promotion, 'state' | 'applied' | 'waitsFor'>): string {
  const first = (['approvals', 'checks', 'freeze', 'health', 'soak'] as const).find((name) =>
    waitsFor.some(({ gate, verdict }) => gate === name && verdict === 'waiting'),
  )
  if (state === 'waiting' && first) return shortWaits[first]
  const { words, short = words } = promotionLook({ state, applied })
  return short
}

const shortWaits: Record<Gate['gate'], string> = {
  approvals: 'Needs approval',
  checks: 'Needs checks',
  freeze: 'Frozen',
  health: 'Source not healthy',
  soak: 'Soaking',
}

/** Look of one step of the timeline; `last` = it is in this state now. */
export function stepLook(state: PromotionState, last: boolean): { state: State; words: string } {
  const words = state === 'approved' ? 'Gates open' : looks[state].words
  return { state: last ? looks[state].state : 'ok', words }
}

export const isUnwritten = (state: PromotionState): boolean =>
  state === 'planned' || state === 'waiting' || state === 'approved'

export const hasEnded = (promotion: Pick<Promotion, 'endedAt'>): boolean => promotion.endedAt !== undefined

/** Why nothing is agreed to just now. */
export const planChanged = 'The plan has changed: look at the new one first.'

export const gateNames: Record<Gate['gate'], string> = {
  health: 'Health',
  soak: 'Soak time',
  checks: 'Checks',
  approvals: 'Approval',
  freeze: 'Freeze',
}

export const gateLooks: Record<Gate['verdict'], { state: State; words: string }> = {
  passed: { state: 'ok', words: 'open' },
  waiting: { state: 'wait', words: 'waiting' },
  refused: { state: 'bad', words: 'refused' },
  overridden: { state: 'held', words: 'overridden' },
}

export function wayWords(way: string): string {
  switch (way) {
    case 'retag':
      return 'Tag the same image in the registry for the target, then commit that tag.'
    case 'commit':
      return 'Commit the tag that runs in the source; the registry stays as it is.'
    case 'pull-request':
      return 'Propose it in a pull request, whose check holds the merge until the gates are open.'
    case 'merge':
      return 'Merge the source, let CI build it, then commit the tag of what it built.'
    case 'let-through':
      return 'Git says it already; the gates decide when it reaches the cluster.'
    default:
      return way
  }
}

/** Open ones first, then by age, newest first; one that is in both lists counts once. */
export function arrangePromotions(open: readonly Promotion[], all: readonly Promotion[]): Promotion[] {
  const known = new Map([...all, ...open].map((promotion) => [promotion.id, promotion]))
  return [...known.values()].sort(
    (a, b) => Number(hasEnded(a)) - Number(hasEnded(b)) || b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1),
  )
}

/** `sha256:9b1e…44f0` */
export function shortDigest(digest: string): string {
  const hex = digest.replace(/^sha256:/, '')
  return `sha256:${hex.slice(0, 4)}…${hex.slice(-4)}`
}

/** Why somebody may not approve this very promotion: they asked for it, or wrote what it brings. */
export function separatedBecause({ gates }: Pick<PromotionDetail, 'gates'>, name: string): string | undefined {
  const except = gates.flatMap((gate) => gate.whoCould ?? []).filter(({ act }) => act === 'approve')
  const found = except.flatMap((one) => one.except).find((one) => one.name === name)
  if (!found) return undefined
  return found.because === 'requester' ? 'Not you: you asked for it.' : 'Not you: you wrote what it brings.'
}

/** `Can approve: approver or admin, but not Ann, who asked for it.` */
export function whoCouldOpen({ whoCould }: Pick<Gate, 'whoCould'>): string[] {
  return (whoCould ?? [])
    .filter(({ roles }) => roles.length > 0)
    .map(({ act, roles, except }) => {
      const names = roles.length > 1 ? `${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}` : roles[0]
      const without = except.map(
        ({ name, because }) => `${name}, who ${because === 'requester' ? 'asked for it' : 'wrote it'}`,
      )
      return `Can ${act}: ${names}${without.length > 0 ? `, but not ${without.join(' and ')}` : ''}.`
    })
}

/** Those that hold every word of the filter. */
export function searchPromotions(promotions: readonly Promotion[], filter: string): Promotion[] {
  const asked = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return promotions.filter((one) => {
    const tags = one.images.map(({ tag }) => tag)
    const text = [one.application, one.from, one.to, ...tags, promotionLook(one).words, one.requester?.name]
      .join(' ')
      .toLowerCase()
    return asked.every((word) => text.includes(word))
  })
}
