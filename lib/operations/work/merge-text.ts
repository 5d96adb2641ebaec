import { shortCommit, type SourceMerge, type Told } from '#lib/core/promotion/index.ts'
import { escape } from '#lib/core/proposal/index.ts'
import type { PromotionRecord } from '#lib/ports/store/index.ts'

/** Nobody sees it: tells a pull request of ours from one that somebody else opened, whose text is theirs. */
const marker = '<!-- wheelhouse:promotion -->'

export function isOurs(text: string): boolean {
  return text.includes(marker)
}

export function promotionPage(webUrl: string, { id }: Pick<PromotionRecord, 'id'>): string {
  return `${webUrl}/promotions/${encodeURIComponent(id)}`
}

export function mergeTitle({ application, environment }: PromotionRecord): string {
  return `Promote ${application} to ${environment}`
}

export function mergeText(promotion: PromotionRecord, webUrl: string): string {
  const { application, source, environment, facts } = promotion
  const lines = [
    `Brings what runs in ${source ?? 'its source'} of ${application} to ${environment}: [promotion ${promotion.id}](${promotionPage(webUrl, promotion)}).`,
    'Wheelhouse merges it once its gates are open and somebody has agreed to it there. Merged here, it counts as agreed to.',
    ...(facts.message === undefined ? [] : [quoted(facts.message)]),
    marker,
  ]
  return lines.join('\n\n')
}

/** The plan as it stands. */
export function mergeComment({ planDigest, steps, environment }: PromotionRecord, merge: SourceMerge, told: Told) {
  const { head, base, newer, count, files, tag, awaits } = merge
  const gates = steps.at(-1)?.gates ?? []
  const what = [
    `- \`${head.branch}\` at ${shortCommit(head.commit)} into \`${base.branch}\` at ${shortCommit(base.commit)}`,
    ...(newer ? [`- ${newer} newer ${newer === 1 ? 'commit' : 'commits'} of \`${head.branch}\` stay behind`] : []),
    `- ${count} ${count === 1 ? 'commit' : 'commits'}, ${files} ${files === 1 ? 'file' : 'files'}`,
    ...(tag === undefined ? [] : [`- then the tag \`${tag}\` on the merge`]),
    ...awaits.map(({ repository, filter, version }) => `- CI builds \`${repository}:${version ?? filter}\``),
  ]
  return [
    `**${told.description}**`,
    `Plan \`${planDigest.slice(0, 8)}\` for ${environment}:`,
    what.join('\n'),
    ...(gates.length === 0
      ? []
      : [gates.map(({ gate, verdict, evidence }) => `- ${gate}: ${verdict}. ${escape(evidence)}`).join('\n')]),
  ].join('\n\n')
}

/** As somebody wrote it, and not as Markdown of ours. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
}
