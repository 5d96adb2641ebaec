'use client'

import { kindWords } from '../alerts/kind-words.ts'
import { QueryView } from '../live/query-view.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useRulePreview, type RuleScope } from './use-notifications.ts'

const shownAtMost = 5

/** What the rule would have told in the last 30 days. */
export function PreviewedRule({ rule }: { rule: RuleScope }) {
  const preview = useRulePreview(rule)
  return (
    <section aria-label="Preview" aria-live="polite" className="border-t border-line px-5 py-3">
      <QueryView
        query={preview}
        what="the preview"
        loading={<SkeletonRows rows={2} label="Looking at the last 30 days" />}
      >
        {({ looked, matched, shown, kinds }) => (
          <>
            <p className="font-medium">
              {matched} of {looked} {looked === 1 ? 'incident' : 'incidents'} of the last 30 days
            </p>
            {kinds.length > 0 && (
              <p className="text-xs text-faint">
                {kinds.map(({ kind, count }) => `${count} × ${kindWords(kind)}`).join(' · ')}
              </p>
            )}
            <ul className="mt-1.5 grid gap-0.5 text-sm text-muted">
              {shown.slice(0, shownAtMost).map((alert) => (
                <li key={alert.id} className="flex min-w-0 gap-2">
                  <span className="min-w-0 flex-1 truncate">{alert.title}</span>
                  <RelativeTime at={alert.openedAt} suffix className="shrink-0 text-faint" />
                </li>
              ))}
            </ul>
          </>
        )}
      </QueryView>
    </section>
  )
}
