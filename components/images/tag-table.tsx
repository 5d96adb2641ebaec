'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { useDeferredValue, useState } from 'react'
import type { JudgedTag, ReleaseContainer } from '#lib/api/images.ts'
import { QueryView } from '../live/query-view.tsx'
import { useAsked } from '../releases/use-asked.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Input } from '../ui/field.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { useJudgedTags } from './use-images.ts'
import { VerdictMark } from './verdict.tsx'
import { WhyNotDrawer } from './why-not-drawer.tsx'

/** Every known tag of a container with its verdict and the reason. */
export function TagTable({
  id,
  environment,
  container,
}: {
  id: string
  environment: string | undefined
  container: ReleaseContainer
}) {
  const [search, setSearch] = useState('')
  const tags = useJudgedTags(id, container.container, useDeferredValue(search))
  const blocked = useBlocked('releases:write', environment)
  const [, ask] = useAsked()
  const [why, askWhy] = useQueryState('why', parseAsString)
  return (
    <Section
      title="Tags"
      aside={
        <Input
          type="search"
          data-search
          aria-label="Find a tag"
          placeholder="Find a tag"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="w-52 max-sm:w-40"
        />
      }
    >
      <QueryView query={tags} what="the tags" loading={<SkeletonRows rows={8} label="Loading the tags" />}>
        {(items) =>
          items.length === 0 ? (
            <NoTags search={search.trim()} onWhy={(tag) => void askWhy(tag)} />
          ) : (
            <Table label={`Tags of ${container.container}`}>
              <thead>
                <tr>
                  <Th>Tag</Th>
                  <Th>Verdict</Th>
                  <Th className="w-full">Why</Th>
                  <Th>Built</Th>
                  <Th>Digest</Th>
                  <Th>
                    <span className="sr-only">Explain and release</span>
                  </Th>
                </tr>
              </thead>
              <tbody>
                {items.map((tag) => (
                  <Tr key={tag.name} selected={tag.verdict === 'current'}>
                    <Td className="mono font-medium">{tag.name}</Td>
                    <Td>
                      <VerdictMark verdict={tag.verdict} />
                    </Td>
                    <Td phone="line" className="max-w-0 min-w-64 truncate text-muted" title={tag.reason}>
                      {tag.reason}
                    </Td>
                    <Td className="text-faint">
                      <Built tag={tag} />
                    </Td>
                    <Td phone="hidden" className="mono text-faint">
                      {tag.digest && (
                        <span className="flex items-center gap-1">
                          {tag.digest.slice(7, 19)}
                          <CopyButton text={tag.digest} label={`Copy the digest of ${tag.name}`} />
                        </span>
                      )}
                    </Td>
                    <Td phone="end" className="space-x-1 text-right">
                      <Button size="sm" kind="quiet" aria-haspopup="dialog" onClick={() => void askWhy(tag.name)}>
                        Why?<span className="sr-only"> {tag.name}</span>
                      </Button>
                      {tag.verdict !== 'current' && tag.verdict !== 'vanished' && (
                        <Button
                          size="sm"
                          blocked={blocked}
                          onClick={() => void ask({ do: 'release', container: container.container, tag: tag.name })}
                        >
                          Release<span className="sr-only"> {tag.name}</span>
                        </Button>
                      )}
                    </Td>
                  </Tr>
                ))}
              </tbody>
            </Table>
          )
        }
      </QueryView>
      {why !== null && (
        <WhyNotDrawer id={id} container={container.container} tag={why} onClose={() => void askWhy(null)} />
      )}
      <LoadMore more={tags.hasNextPage} busy={tags.isFetchingNextPage} onMore={() => void tags.fetchNextPage()} />
    </Section>
  )
}

/** A tag that nobody knows is explained all the same. */
function NoTags({ search, onWhy }: { search: string; onWhy: (tag: string) => void }) {
  if (search === '') {
    return (
      <EmptyState icon="tag" title="No tags known yet">
        They appear with the first scan of the registry.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon="tag" title="No tag fits">
      No known tag holds “{search}”.{' '}
      <Button size="sm" kind="quiet" aria-haspopup="dialog" onClick={() => onWhy(search)}>
        Why not {search}?
      </Button>
    </EmptyState>
  )
}

function Built({ tag }: { tag: JudgedTag }) {
  if (tag.created === null) return 'carries none'
  return tag.created === undefined ? 'not read' : <RelativeTime at={tag.created} />
}
