'use client'

import type { MergeOfSource, PromotionDetail } from '#lib/api/promotions.ts'
import { Section } from '../ui/card.tsx'
import { OutsideLink } from '../ui/outside-link.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { mergeSteps } from './merge-steps.ts'
import { hasEnded } from './promotion-state.ts'

/** The plan of a promotion that is still about the source: which commits come, and what happens to them. */
export function MergePlan({ promotion, merge }: { promotion: PromotionDetail; merge: MergeOfSource }) {
  const { count, files, head, base, newer } = merge
  const tense = merge.merged ? 'merged' : hasEnded(promotion) ? 'planned to be merged' : 'would be merged'
  return (
    <section aria-label="The plan" className="min-w-0 overflow-hidden rounded-md border border-line bg-surface">
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
        <h2>
          {count} {count === 1 ? 'commit' : 'commits'} {tense}
        </h2>
        <span className="text-xs text-faint">
          <span className="mono">{head.branch}</span> → <span className="mono">{base.branch}</span> · {files}{' '}
          {files === 1 ? 'file' : 'files'}
          {newer ? ` · ${newer} newer stay behind` : ''}
        </span>
        <OutsideLink href={merge.url} className="ml-auto text-xs">
          {merge.repository}
        </OutsideLink>
      </header>
      <Steps promotion={promotion} merge={merge} />
      <Commits merge={merge} />
    </section>
  )
}

/** The same beside the plan of the image that came of it. */
export function MergedSource({ promotion, merge }: { promotion: PromotionDetail; merge: MergeOfSource }) {
  return (
    <Section
      title="Source"
      aside={
        <OutsideLink href={merge.url} className="text-xs">
          {merge.repository}
        </OutsideLink>
      }
    >
      <Steps promotion={promotion} merge={merge} />
      <details>
        <summary className="px-4 py-2 text-xs text-muted hover:text-fg">
          {merge.count} {merge.count === 1 ? 'commit' : 'commits'}
        </summary>
        <Commits merge={merge} />
      </details>
    </Section>
  )
}

function Steps({ promotion, merge }: { promotion: PromotionDetail; merge: MergeOfSource }) {
  return (
    <ol aria-label="At the source" className="border-b border-line px-4 py-1.5">
      {mergeSteps(promotion, merge).map(({ key, state, words, href, link }) => (
        <li key={key} className="flex items-start gap-2.5 py-[5px]">
          <StateIcon state={state} label={null} className="mt-[3px] size-3.5" />
          <span className="min-w-0 break-words">
            {words}{' '}
            {href && (
              <OutsideLink href={href} className="mono text-xs">
                {link}
              </OutsideLink>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}

function Commits({ merge: { commits, count, base, head } }: { merge: MergeOfSource }) {
  if (commits.length === 0)
    return (
      <p className="px-4 py-2.5 text-muted">
        <span className="mono">{base.branch}</span> has every commit of <span className="mono">{head.branch}</span>.
      </p>
    )
  return (
    <ul aria-label="Commits" className="divide-y divide-line">
      {commits.map(({ sha, subject, author, url }) => (
        <li key={sha} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-2">
          <span className="min-w-0 break-words">
            {subject || 'No message'} <span className="text-xs text-faint">{author}</span>
          </span>
          <OutsideLink href={url} className="mono text-xs whitespace-nowrap">
            {sha.slice(0, 8)}
          </OutsideLink>
        </li>
      ))}
      {count > commits.length && <li className="px-4 py-2 text-xs text-faint">and {count - commits.length} older</li>}
    </ul>
  )
}
