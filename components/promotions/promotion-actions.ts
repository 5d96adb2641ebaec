import type { Me } from '#lib/api/me.ts'
import type { Gate, PromotionDetail } from '#lib/api/promotions.ts'
import { allows, roles, type Role } from '#lib/core/access/index.ts'
import type { Permission } from '#lib/api/endpoint.ts'
import { whoCouldWords } from '../session/who-could-words.ts'
import { gateNames, hasEnded, isUnwritten, separatedBecause } from './promotion-state.ts'

/** What is asked in a dialog of its own; applying is not: the page has shown the plan already. */
export type Decision = { kind: 'approve' | 'reject' | 'withdraw' } | { kind: 'override'; gate: Gate['gate'] }

export interface DecisionOffer {
  kind: 'apply' | 'approve' | 'reject' | 'withdraw'
  words: string
  /** Why it cannot be done now, and who could. */
  blocked?: string
}

const permissions = {
  apply: 'promotions:write',
  approve: 'promotions:approve',
  reject: 'promotions:approve',
  withdraw: 'promotions:write',
} satisfies Record<DecisionOffer['kind'], Permission>

type Offered = Pick<
  PromotionDetail,
  'state' | 'to' | 'gates' | 'applied' | 'approvals' | 'endedAt' | 'way' | 'requester'
>

/** What can be said to a promotion as it stands, the most pressing last; nothing once it is on its way. */
export function decisionOffers(promotion: Offered, me: Me | undefined): DecisionOffer[] {
  if (hasEnded(promotion)) return []
  const unwritten = isUnwritten(promotion.state)
  if (!unwritten && promotion.state !== 'writing') return []
  const approvals = promotion.gates.find(({ gate }) => gate === 'approvals')
  const may = (kind: DecisionOffer['kind']) =>
    me && !allows(me, permissions[kind], promotion.to) ? whoCouldWords(permissions[kind], promotion.to) : undefined
  const offers: (DecisionOffer | false | undefined)[] = [
    { kind: 'withdraw', words: 'Withdraw', blocked: may('withdraw') },
    unwritten && approvals && { kind: 'reject', words: 'Reject', blocked: may('reject') },
    unwritten &&
      approvals?.verdict === 'waiting' && {
        kind: 'approve',
        words: 'Approve',
        blocked: may('approve') ?? approved(promotion, me),
      },
    unwritten &&
      !goesOnByItself(promotion) && {
        kind: 'apply',
        words: applyWords(promotion),
        blocked: may('apply') ?? shut(promotion),
      },
  ]
  return offers.filter((offer) => offer !== false && offer !== undefined)
}

/** Agreed to once is enough; what is in Git already, and what automation found, asks for nobody's click. */
function goesOnByItself({ applied, way, requester }: Offered): boolean {
  return applied !== undefined || way === 'let-through' || requester === undefined
}

function applyWords({ gates }: Offered): string {
  const waiting = gates.filter(({ verdict }) => verdict === 'waiting').map(({ gate }) => gate)
  if (waiting.includes('approvals')) return 'Ask for approval'
  return waiting.length > 0 ? 'Promote when the gates open' : 'Promote'
}

function shut({ gates }: Offered): string | undefined {
  const refused = gates.find(({ verdict }) => verdict === 'refused')
  return refused && `${gateNames[refused.gate]}: ${refused.evidence}`
}

function approved(promotion: Offered, me: Me | undefined): string | undefined {
  if (!me) return undefined
  const mine = promotion.approvals.find((one) => one.counts && one.email === me.email)
  if (mine?.decision === 'approve') return 'You approved this plan already.'
  const could = promotion.gates.flatMap(({ whoCould }) => whoCould ?? []).find(({ act }) => act === 'approve')
  return separatedBecause(promotion, me.name) ?? (could && lacksRole(could, promotion.to, me))
}

/** Whether somebody has one of these roles in an environment, or a greater one. */
export function holdsRole(me: Me, environment: string, wanted: readonly Role[]): boolean {
  const role = me.roles[environment] ?? me.roles['*']
  return role !== undefined && wanted.some((least) => roles.indexOf(role) >= roles.indexOf(least))
}

type Could = NonNullable<Gate['whoCould']>[number]

/** A gate may ask for a narrower circle than the permission does. */
function lacksRole({ roles: wanted }: Could, to: string, me: Me): string | undefined {
  if (wanted.length === 0 || holdsRole(me, to, wanted)) return undefined
  return `${to} asks for the role ${wanted.join(' or ')}.`
}

/** Whether a gate can be overridden at all, and if so why this person may not. */
export function overrideOffer(
  { gate, whoCould }: Gate,
  { to, state }: Pick<PromotionDetail, 'to' | 'state'>,
  me: Me | undefined,
): { kind: 'none' } | { kind: 'offered'; gate: Gate['gate']; blocked?: string } {
  const could = whoCould?.find(({ act, roles }) => act === 'override' && roles.length > 0)
  if (!could || !isUnwritten(state)) return { kind: 'none' }
  const blocked = me && overrideBlocked(could, to, me)
  return { kind: 'offered', gate, ...(blocked ? { blocked } : {}) }
}

function overrideBlocked(could: Could, to: string, me: Me): string | undefined {
  if (!allows(me, 'freezes:override', to)) return whoCouldWords('freezes:override', to)
  if (could.except.some(({ name }) => name === me.name)) return 'Not you: you asked for it, or wrote what it brings.'
  return lacksRole(could, to, me)
}
