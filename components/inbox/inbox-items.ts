import type { Alert } from '#lib/api/alerts.ts'
import type { GuardedEnvironment } from '#lib/api/gates.ts'
import type { Me } from '#lib/api/me.ts'
import type { ListedPromotion } from '#lib/api/promotions.ts'
import type { Deletion } from '#lib/api/release-schemas.ts'
import { allows } from '#lib/core/access/index.ts'
import { subjectWords } from '../audit/subject-words.ts'
import { holdsRole } from '../promotions/promotion-actions.ts'
import { promotionLook, separatedBecause } from '../promotions/promotion-state.ts'
import type { State } from '../ui/state-icon.tsx'

/** One thing that waits for a person. */
export interface InboxItem {
  id: string
  state: State
  subject: string
  /** What is wanted with it: `dev → stg`. */
  about: string
  /** Why it waits; may hold instants. */
  why: string
  since: number
  /** Where it is decided. */
  href: string
  /** What the button there leads to is called. */
  action: string
}

export interface InboxSection {
  title: string
  items: InboxItem[]
}

/** Everything that may wait for somebody; what is not known yet is empty. */
export interface InboxSeen {
  open: readonly ListedPromotion[]
  /** The newest, ended or not. */
  latest: readonly ListedPromotion[]
  gates: readonly GuardedEnvironment[]
  deletions: readonly Deletion[]
  alerts: readonly Alert[]
}

const dayMs = 24 * 60 * 60 * 1000

/** What waits for this person, by what it is, the longest wait first; sections without anything are left out. */
export function inboxOf(seen: InboxSeen, me: Me, now: number): InboxSection[] {
  const sections: InboxSection[] = [
    { title: 'Approvals', items: seen.open.filter((one) => mayApprove(one, me)).map(approval) },
    { title: 'Loosened gates', items: seen.gates.flatMap((one) => loosened(one, me)) },
    {
      title: 'Deletions',
      items: seen.deletions
        .filter(({ state, environment }) => state === 'waiting' && allows(me, 'deletions:consent', environment))
        .map(deletion),
    },
    { title: 'Holds and rollbacks', items: seen.alerts.flatMap((one) => alertItem(one, me)) },
    { title: 'Your promotions', items: seen.latest.filter((one) => endedBadly(one, seen, me, now)).map(ended) },
  ]
  return sections
    .filter(({ items }) => items.length > 0)
    .map(({ title, items }) => ({ title, items: items.toSorted((a, b) => a.since - b.since) }))
}

function mayApprove(promotion: ListedPromotion, me: Me): boolean {
  const gate = promotion.waitsFor.find((one) => one.gate === 'approvals' && one.verdict === 'waiting')
  if (promotion.state !== 'waiting' || !gate || !allows(me, 'promotions:approve', promotion.to)) return false
  const roles = gate.whoCould?.find(({ act }) => act === 'approve')?.roles ?? []
  if (!holdsRole(me, promotion.to, roles)) return false
  return !promotion.approvedBy.includes(me.email) && separatedBecause({ gates: [gate] }, me.name) === undefined
}

function approval(promotion: ListedPromotion): InboxItem {
  const asked = promotion.requester ? `Asked by ${promotion.requester.name}. ` : ''
  const brings = promotion.images.map(({ tag }) => tag).join(', ')
  const missing = promotion.waitsFor.find(({ gate }) => gate === 'approvals')?.evidence ?? ''
  return {
    id: promotion.id,
    state: 'wait',
    subject: promotion.application,
    about: `${promotion.from ?? 'Git'} → ${promotion.to}`,
    why: `${asked}${brings && `It brings ${brings}. `}${missing}`,
    since: promotion.since,
    href: `/promotions/${encodeURIComponent(promotion.id)}`,
    action: 'Look at the plan',
  }
}

function loosened({ environment, loosening }: GuardedEnvironment, me: Me): InboxItem[] {
  if (!loosening?.askedOf || !allows(me, 'promotions:approve', environment)) return []
  const { author, askedOf, approvals, what, commit, since } = loosening
  const mine = author.email.toLowerCase() === me.email.toLowerCase() && askedOf.separate.length > 0
  if (mine || !holdsRole(me, environment, askedOf.roles) || approvals.some(({ email }) => email === me.email)) return []
  return [
    {
      id: `gates ${environment}`,
      state: 'wait',
      subject: environment,
      about: 'gates become looser',
      why: `${author.name} would change with ${commit.slice(0, 7)}: ${what.join(', ')}.`,
      since,
      href: '/promotions#loosened-gates',
      action: 'Decide',
    },
  ]
}

function deletion({ id, object, kind, environment, guard, commit, createdAt }: Deletion): InboxItem {
  return {
    id,
    state: 'wait',
    subject: subjectWords(object).name,
    about: `${kind} in ${environment}`,
    why: guard ?? `Removed from Git by ${commit.slice(0, 7)}; nothing is deleted without consent.`,
    since: createdAt,
    href: '/repository#deletions',
    action: 'Decide',
  }
}

function alertItem({ id, kind, release, environment, title, detail, openedAt }: Alert, me: Me): InboxItem[] {
  if (release === undefined) return []
  const page = `/releases/${encodeURIComponent(release)}`
  const item = { id, subject: title, about: environment ?? '', why: detail, since: openedAt }
  if (kind === 'hold-expired' && allows(me, 'holds:write', environment))
    return [{ ...item, state: 'held', href: `${page}?do=unlock`, action: 'Lift the hold' }]
  if (kind === 'git-disagrees' && allows(me, 'releases:rollback', environment))
    return [{ ...item, state: 'wait', href: page, action: 'Open the release' }]
  return []
}

/** What they asked for came to nothing, they did not take it back, and it was not tried again since. */
function endedBadly(promotion: ListedPromotion, { open, latest }: InboxSeen, me: Me, now: number): boolean {
  const { requester, endedAt, state, reason, release, createdAt } = promotion
  const bad = state === 'refused' || state === 'failed' || state === 'rolled-back'
  if (!bad || endedAt === undefined || endedAt < now - dayMs || !requester?.emails.includes(me.email)) return false
  if (reason.startsWith(`Taken back by ${me.name}.`)) return false
  return ![...open, ...latest].some((other) => other.release === release && other.createdAt > createdAt)
}

function ended(promotion: ListedPromotion): InboxItem {
  return {
    id: promotion.id,
    state: 'bad',
    subject: promotion.application,
    about: `${promotion.from ?? 'Git'} → ${promotion.to}: ${promotionLook(promotion).words.toLowerCase()}`,
    why: promotion.reason,
    since: promotion.endedAt ?? promotion.since,
    href: `/promotions/${encodeURIComponent(promotion.id)}`,
    action: 'See what happened',
  }
}
