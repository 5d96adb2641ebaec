import type { Check } from '#lib/api/checks.ts'
import { OutsideLink } from '../ui/outside-link.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

/** Who said what of the checks, and where it is looked at; the gate's evidence says how they went. */
export function PromotionChecks({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null
  return (
    <ul className="mt-1 text-xs text-faint">
      {checks.map((check) => (
        <li key={`${check.name} ${check.by ?? ''}`} className="break-words">
          {check.url ? <OutsideLink href={check.url}>{check.name}</OutsideLink> : check.name}{' '}
          {check.by ? `reported by ${check.by}` : 'of the commit'} <RelativeTime at={check.at} suffix />
        </li>
      ))}
    </ul>
  )
}
