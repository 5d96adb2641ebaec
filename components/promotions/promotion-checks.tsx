import type { Check } from '#lib/api/checks.ts'
import { OutsideLink } from '../ui/outside-link.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

/** Who said what of the checks, and where it is looked at; the gate's evidence says how they went. */
export function PromotionChecks({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null
  return (
    <ul className="mt-1 text-xs text-faint">
      {checks.map(({ name, url, by, at }) => (
        <li key={`${name} ${by ?? ''}`} className="break-words">
          {url ? <OutsideLink href={url}>{name}</OutsideLink> : name} {by ? `reported by ${by}` : 'of the commit'}{' '}
          <RelativeTime at={at} suffix />
        </li>
      ))}
    </ul>
  )
}
