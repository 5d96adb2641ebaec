import type { GateResult } from '../gate/types.ts'
import { hasEnded, type PromotionState } from '../promotion/index.ts'
import type { ProposalCheck } from './types.ts'

/** Of one promotion, as far as its pull request tells of it. */
export interface PromotionToldOf {
  state: PromotionState
  reason: string
  /** Its tags are put into the registry first, which a merge at the host would not do. */
  tagsFirst: boolean
  gates: readonly GateResult[]
  images: readonly { container: string; repository: string; tag: string; digest: string }[]
  plan?: {
    digest: string
    risks: readonly { kind: string; subject: string; says: string }[]
    objects: readonly { kind: string; name: string; change: string }[]
  }
  url: string
}

/** The check at the head of every pull request of ours, which a protection rule can ask for. */
export const gatesCheck = 'wheelhouse/gates'

/** GitHub takes 65,536 characters; a plan of a thousand objects is read where it is. */
const objectsShown = 50

/** What holds the merge at the host, or lets it through. Everything that is not known to be open holds it. */
export function checkOf(promotion: Pick<PromotionToldOf, 'state' | 'reason' | 'tagsFirst'> | undefined): ProposalCheck {
  if (!promotion) return { state: 'success', description: 'No gates hold this.' }
  const { state, reason, tagsFirst } = promotion
  if (hasEnded(state)) return { state: 'failure', description: reason }
  if (state === 'writing') return { state: 'success', description: 'All gates are open; Wheelhouse merges it.' }
  if (state !== 'approved') return { state: 'pending', description: reason }
  if (tagsFirst)
    return { state: 'pending', description: 'All gates are open. Promote in Wheelhouse: it tags the images first.' }
  return { state: 'success', description: 'All gates are open. Merge here, or promote in Wheelhouse.' }
}

/** The plan as a comment: Markdown that nothing in it can break out of. */
export function planComment({ gates, images, plan, url, reason }: PromotionToldOf): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')
  const changed = (plan?.objects ?? []).filter(({ change }) => change !== 'unchanged')
  const shown = changed.slice(0, objectsShown).map(({ kind, name, change }) => `${change}: ${code(`${kind} ${name}`)}`)
  const more = changed.length > objectsShown ? [`and ${changed.length - objectsShown} more`] : []
  const parts = [
    `### Plan\n\n[Open it in Wheelhouse](${url}) · ${escape(reason)}`,
    section(
      'Gates',
      gates.map(({ gate, verdict, evidence }) => `**${gate}** ${verdict}: ${escape(evidence)}`),
    ),
    section(
      'Images',
      images.map(
        ({ container, repository, tag, digest }) =>
          `${code(container)}: ${code(`${repository}:${tag}`)} (${code(digest)})`,
      ),
    ),
    section(
      'Risks',
      (plan?.risks ?? []).map(({ says, subject }) => escape(subject === '' ? says : `${subject}: ${says}`)),
    ),
    section('Objects', [...shown, ...more]),
    ...(plan ? [`Plan ${code(plan.digest)}. Approvals are for this plan and no other.`] : []),
  ]
  return parts.filter((part) => part !== '').join('\n\n')

  function section(title: string, items: readonly string[]): string {
    return items.length === 0 ? '' : `**${title}**\n\n${list(items)}`
  }
}

/** One line, with what Markdown and HTML would read as their own taken literally. */
export function escape(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>#|~@]/g, (sign) => (sign === '@' ? '@\u200b' : `\\${sign}`))
}

function code(text: string): string {
  return `\`${text.replaceAll(/[`\s]+/g, ' ')}\``
}
