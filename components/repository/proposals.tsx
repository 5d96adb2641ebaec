import Link from 'next/link'
import type { Repository } from '#lib/api/repository.ts'
import { Section } from '../ui/card.tsx'
import { OutsideLink } from '../ui/outside-link.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'

/** What waits in pull requests, and why there are any. */
export function Proposals({ repository: { proposals, protection, branch } }: { repository: Repository }) {
  if (proposals.length === 0 && protection === undefined) return null
  return (
    <Section title="Pull requests" note={proposals.length > 0 && `${proposals.length} open`}>
      {protection !== undefined && (
        <p className="border-b border-line px-4 py-2.5 text-muted">
          <span className="mono">{branch}</span> takes changes by pull request alone: {protection}
        </p>
      )}
      {proposals.length === 0 && <p className="px-4 py-3 text-muted">Nothing waits in one.</p>}
      <ul className="divide-y divide-line">
        {proposals.map((proposal) => (
          <li key={proposal.branch} className="flex items-start gap-2.5 px-4 py-2.5">
            <StateIcon
              state={proposal.problem === undefined ? 'wait' : 'bad'}
              label={null}
              className="mt-[3px] size-3.5 flex-none"
            />
            <div className="min-w-0 flex-1">
              <p className="break-words">{proposal.title}</p>
              <p className="text-xs text-muted">
                <span className="mono break-all">{proposal.branch}</span>,{' '}
                <RelativeTime at={proposal.openedAt} suffix />
              </p>
              {proposal.problem !== undefined && <p className="text-bad">{proposal.problem}</p>}
            </div>
            {proposal.promotion && (
              <Link className="link whitespace-nowrap" href={`/promotions/${encodeURIComponent(proposal.promotion)}`}>
                Promotion
              </Link>
            )}
            {proposal.number === undefined ? (
              <span className="text-faint">being opened</span>
            ) : (
              <OutsideLink href={proposal.url ?? ''}>#{proposal.number}</OutsideLink>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
