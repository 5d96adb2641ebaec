import { roles, type Role } from '../access/index.ts'
import { samePerson } from './same-person.ts'
import type { Approval, ApprovalRule, GateInput, GateResult, Identity, WhoCould } from './types.ts'

interface Judged {
  approval: Approval
  /** Why it does not count. */
  because?: string
}

/** Whether a role is one of these, or a greater one. */
export function holdsOneOf(role: Role | undefined, wanted: readonly Role[]): boolean {
  const rank = role === undefined ? -1 : roles.indexOf(role)
  return rank >= 0 && wanted.some((least) => roles.includes(least) && rank >= roles.indexOf(least))
}

/** Why a person must not decide about this change, where the rule separates duties. */
export function separatedAs(
  by: Identity,
  rule: Pick<ApprovalRule, 'separate'>,
  { requester, authors }: Pick<GateInput, 'requester' | 'authors'>,
): 'requester' | 'author' | undefined {
  if (rule.separate.includes('requester') && requester && samePerson(by, requester)) return 'requester'
  if (rule.separate.includes('author') && authors.some((author) => samePerson(by, author))) return 'author'
  return undefined
}

/** Different people of the roles asked for, none of whom asked for the change or wrote it, have approved this very plan. */
export function evaluateApprovals(input: GateInput, rule: ApprovalRule): GateResult {
  const judged = judgeApprovals(input, rule)
  const counted = judged.filter(({ because }) => because === undefined).map(({ approval }) => approval)
  const rejected = counted.find(({ decision }) => decision === 'reject')
  const approved = counted.filter(({ decision }) => decision === 'approve')
  const names = approved.map(({ by }) => by.name)
  const passedOver = judged.flatMap(({ because }) => (because === undefined ? [] : [because]))
  const tell = (text: string): string => [text, ...passedOver].join(' ')
  if (rejected) {
    return { gate: 'approvals', verdict: 'refused', evidence: `${rejected.by.name} rejected it.`, whoCould: [] }
  }
  if (approved.length >= rule.count) {
    return { gate: 'approvals', verdict: 'passed', evidence: tell(`Approved by ${names.join(', ')}.`) }
  }
  const missing = `${rule.count - approved.length} of ${rule.count} ${rule.count === 1 ? 'approval is' : 'approvals are'} missing.`
  return {
    gate: 'approvals',
    verdict: 'waiting',
    evidence: tell(names.length > 0 ? `${missing} Approved by ${names.join(', ')}.` : missing),
    whoCould: whoCouldApprove(input, rule),
  }
}

/** Of each person the last decision, with the reason for which it counts for nothing. */
function judgeApprovals(input: GateInput, rule: ApprovalRule): Judged[] {
  const last: Approval[] = []
  const current: Approval[] = []
  const judged: Judged[] = []
  for (const approval of input.approvals.toSorted((a, b) => a.at - b.at)) {
    if (approval.planDigest === input.planDigest) current.push(approval)
    else judged.push({ approval, because: `${approval.by.name} looked at another plan.` })
  }
  // Two decisions of one person are one: the later.
  for (const approval of current.toReversed()) {
    if (!last.some(({ by }) => samePerson(by, approval.by))) last.unshift(approval)
  }
  for (const approval of last) judged.push({ approval, ...whyNotCounted(approval, input, rule) })
  return judged
}

function whyNotCounted(approval: Approval, input: GateInput, rule: ApprovalRule): Pick<Judged, 'because'> {
  const { name } = approval.by
  if (!holdsOneOf(approval.role, rule.roles)) {
    const now = approval.role === undefined ? 'has no role' : `is ${approval.role}`
    return { because: `${name} does not count: ${now} in ${input.environment}, not ${rule.roles.join(' or ')}.` }
  }
  // Whoever asked for it may still say no.
  if (approval.decision === 'reject') return {}
  switch (separatedAs(approval.by, rule, input)) {
    case 'requester':
      return { because: `${name} does not count: asked for it.` }
    case 'author':
      return { because: `${name} does not count: wrote it.` }
    case undefined:
      return {}
  }
}

function whoCouldApprove(input: GateInput, rule: ApprovalRule): WhoCould[] {
  const { requester, authors } = input
  const people = [...(requester ? [requester] : []), ...authors]
  const separated = people.flatMap((person) => {
    const because = separatedAs(person, rule, input)
    return because === undefined ? [] : [{ name: person.name, because }]
  })
  const except = separated.filter(({ name }, index) => separated.findIndex((other) => other.name === name) === index)
  const override: WhoCould = { act: 'override', roles: ['admin'], except }
  return [{ act: 'approve', roles: rule.roles, except }, ...(input.gates.override.length > 0 ? [override] : [])]
}
