'use client'

import type { ReactNode } from 'react'
import type { Repository } from '#lib/api/repository.ts'
import { QueryView } from '../live/query-view.tsx'
import { ProblemList } from '../problems/problem-list.tsx'
import { useBlocked } from '../session/use-me.ts'
import { PageHead } from '../shell/page-head.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { classNames } from '../ui/class-names.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { DeletionRow } from './deletion-row.tsx'
import { Proposals } from './proposals.tsx'
import { useDeletions, useRepository, useSyncRepository } from './use-repository.ts'

/** What Git says, whether it is carried out, and what stands in the way. */
export function RepositoryPage() {
  const repository = useRepository()
  const sync = useSyncRepository()
  const blocked = useBlocked('sync:write')
  return (
    <>
      <PageHead
        title="Repository"
        chips={repository.data && <SyncChip repository={repository.data} />}
        actions={
          <>
            <ButtonLink href="/repository/wheelhouse-yaml">wheelhouse.yaml</ButtonLink>
            <Button kind="primary" blocked={blocked} busy={sync.isPending} onClick={() => sync.mutate({})}>
              {!sync.isPending && <Glyph name="sync" />}
              Sync now
            </Button>
          </>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
        <QueryView
          query={repository}
          what="the repository"
          loading={
            <Section title="Head">
              <SkeletonRows rows={3} label="Loading the repository" />
            </Section>
          }
        >
          {(data) => <Overview repository={data} />}
        </QueryView>
        {repository.data && <Proposals repository={repository.data} />}
        <Deletions />
        {repository.data && <Findings repository={repository.data} />}
      </div>
    </>
  )
}

const syncLooks: Record<
  Repository['sync']['state'],
  { state: State; tone: 'ok' | 'run' | 'bad' | 'plain'; words: string }
> = {
  ready: { state: 'ok', tone: 'ok', words: 'in sync' },
  waiting: { state: 'run', tone: 'run', words: 'waiting' },
  unreachable: { state: 'bad', tone: 'bad', words: 'unreachable' },
  failed: { state: 'bad', tone: 'bad', words: 'failed' },
  unconfigured: { state: 'none', tone: 'plain', words: 'not configured' },
}

function SyncChip({ repository }: { repository: Repository }) {
  const look = syncLooks[repository.sync.state]
  return (
    <Chip tone={look.tone}>
      <StateIcon state={look.state} label={null} />
      {look.words}
    </Chip>
  )
}

function Overview({ repository }: { repository: Repository }) {
  const { head, sync } = repository
  if (!repository.url) {
    return (
      <EmptyState icon="repository" title="No repository is configured">
        Start Wheelhouse with the address of your config repository; the README lists the variables.
      </EmptyState>
    )
  }
  return (
    <Section
      title="Head"
      note={
        <>
          <span className="mono">{repository.url}</span> · {repository.branch}
        </>
      }
    >
      {sync.reason && sync.state !== 'ready' && (
        <p className="border-b border-line px-4 py-2.5 text-bad">{sync.reason}</p>
      )}
      {head ? (
        <dl className="grid grid-cols-2 gap-x-8 gap-y-3 px-4 py-3 sm:grid-cols-[minmax(0,2fr)_repeat(4,auto)]">
          <Figure name="Commit" className="max-sm:col-span-2">
            <span className="flex min-w-0 items-center gap-1">
              <span className="mono shrink-0">{head.commit.slice(0, 7)}</span>
              <CopyButton text={head.commit} label="Copy the commit" />
              <span className="truncate">{head.subject}</span>
            </span>
            <span className="text-xs text-faint">
              {head.authorName}, <RelativeTime at={head.committedAt} suffix />
            </span>
          </Figure>
          <Figure name="Documents">{head.documents}</Figure>
          <Figure name="Releases">{head.releases}</Figure>
          <Figure name="Applied">{repository.inventory.applied}</Figure>
          <Figure name="Fetched">
            <RelativeTime at={sync.fetchedAt ?? head.fetchedAt} suffix />
          </Figure>
        </dl>
      ) : (
        <p className="px-4 py-6 text-center text-muted">Nothing is fetched yet. {sync.reason}</p>
      )}
      {repository.snapshots.length > 1 && (
        <ol className="border-t border-line py-1" aria-label="Commits before">
          {repository.snapshots.slice(1, 8).map((one) => (
            <li key={one.commit} className="flex min-h-8 flex-wrap items-center gap-x-3 px-4 text-muted">
              <Glyph name="commit" className="size-3.5 text-faint" />
              <span className="mono shrink-0">{one.commit.slice(0, 7)}</span>
              <span className="min-w-0 flex-1 truncate">{one.subject}</span>
              <span className="text-xs text-faint">
                {one.authorName} · <RelativeTime at={one.committedAt} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

function Figure({ name, className, children }: { name: string; className?: string; children: ReactNode }) {
  return (
    <div className={classNames('min-w-0', className)}>
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function Deletions() {
  const deletions = useDeletions()
  const items = deletions.data?.items ?? []
  if (items.length === 0) return null
  const waiting = items.filter((one) => one.state === 'waiting').length
  return (
    <div id="deletions">
      <Section title="Left Git" note={waiting > 0 ? `${waiting} waiting for consent` : 'all decided'}>
        <div className="divide-y divide-line">
          {items.map((deletion) => (
            <DeletionRow key={deletion.id} deletion={deletion} />
          ))}
        </div>
      </Section>
    </div>
  )
}

function Findings({ repository }: { repository: Repository }) {
  const { problems, unsupported, inventory } = repository
  return (
    <>
      <Section title="Problems" note={problems.length > 0 ? `${problems.length}, by file and line` : undefined}>
        {problems.length > 0 ? (
          <ProblemList problems={problems} label="Problems in the repository" />
        ) : (
          <p className="flex items-center gap-2 px-4 py-4 text-muted">
            <StateIcon state="ok" label={null} /> Every file could be read and understood.
          </p>
        )}
      </Section>
      {inventory.problems.length > 0 && (
        <Section title="Not applied" note="objects the cluster did not take">
          <ProblemList
            label="Objects the cluster did not take"
            problems={inventory.problems.map((one) => ({
              ...one.problem,
              path: one.problem.path ?? one.path,
              subject: one.object,
            }))}
          />
        </Section>
      )}
      {unsupported.length > 0 && (
        <Section title="Unsupported" note="listed, never applied">
          <ProblemList problems={unsupported} label="Unsupported documents" />
        </Section>
      )}
    </>
  )
}
