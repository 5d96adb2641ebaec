export interface CommitPart {
  kind:
    | 'auto-release'
    | 'release'
    | 'promote'
    | 'rollback'
    | 'automate'
    | 'deautomate'
    | 'lock'
    | 'unlock'
    | 'policy'
    | 'configure'
  /** Object id. */
  target: string
  /** References after the change, for the two kinds of release. */
  images: string[]
  message?: string
  operation: string
  /** Name of the person, or `automation`. */
  actor: string
  /** One line: what led to it. */
  cause: string
}

const policyVerb = {
  rollback: 'Rolled back',
  automate: 'Automated',
  deautomate: 'Deautomated',
  lock: 'Locked',
  unlock: 'Unlocked',
  policy: 'Updated policies',
  configure: 'Configured',
} as const

/**
 * The message of one commit over all its decisions: a subject and list as Flux v1 wrote them (semantics §3), a person's
 * own words first, then trailers: one `Wheelhouse-Op` per decision, its actor and cause (§9.28).
 */
export function commitText(parts: readonly CommitPart[]): string {
  const words = [...new Set(parts.map((part) => part.message?.trim()).filter((text) => text))]
  const [subject, list] = summarise(parts)
  const paragraphs = [...words, [subject, ...list].join('\n')]
  // A subject line of its own keeps `git log --oneline` readable when there is a list.
  if (list.length > 0) paragraphs[paragraphs.length - 1] = `${subject}\n\n${list.join('\n')}`
  return `${paragraphs.join('\n\n')}\n\n${trailers(parts)}\n`
}

function summarise(parts: readonly CommitPart[]): [subject: string, list: string[]] {
  const images = [...new Set(parts.flatMap((part) => part.images))]
  const kinds = new Set(parts.map((part) => part.kind))
  if (kinds.size > 1) return [`Update ${targetsOf(parts)}`, parts.map((part) => `- ${describe(part)}`)]
  const kind = parts[0]?.kind ?? 'policy'
  if (kind === 'auto-release')
    return images.length === 1
      ? [`Auto-release ${images[0]}`, []]
      : [`Auto-release multiple (${images.length}) images`, images.map((image) => `- ${image}`)]
  if (kind === 'release') return [`Release ${images.join(', ')} to ${targetsOf(parts)}`, []]
  if (kind === 'promote') return [`Promote ${images.join(', ')} to ${targetsOf(parts)}`, []]
  return parts.length === 1
    ? [`${policyVerb[kind]}: ${targetsOf(parts)}`, []]
    : ['Updated workload policies', parts.map((part) => `- ${describe(part)}`)]
}

function describe(part: CommitPart): string {
  if (part.kind === 'auto-release') return `Auto-release ${part.images.join(', ')}`
  if (part.kind === 'release') return `Release ${part.images.join(', ')} to ${part.target}`
  if (part.kind === 'promote') return `Promote ${part.images.join(', ')} to ${part.target}`
  return `${policyVerb[part.kind]}: ${part.target}`
}

function targetsOf(parts: readonly CommitPart[]): string {
  return [...new Set(parts.map((part) => part.target))].join(', ')
}

function trailers(parts: readonly CommitPart[]): string {
  const lines = parts.flatMap((part) => [
    `Wheelhouse-Op: ${part.operation}`,
    `Wheelhouse-Actor: ${oneLine(part.actor)}`,
    `Wheelhouse-Cause: ${oneLine(part.cause)}`,
  ])
  return lines.join('\n')
}

/** A trailer is one line; a person's line breaks must not start another one. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
