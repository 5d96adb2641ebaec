'use client'

import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { scanImage, type ImageRepository } from '#lib/api/images.ts'
import { useCommand } from '../commands/use-command.ts'
import { releasesOf } from '../environments/matrix-rows.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { PageHead } from '../shell/page-head.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Input } from '../ui/field.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { NextScan } from './next-scan.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { useImages } from './use-images.ts'

/** The image repositories watched: how many tags, when read, by whom used, what stands in the way. */
export function ImagesPage() {
  const images = useImages()
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''))
  const troubled = images.data?.items.filter((one) => one.problem).length ?? 0
  return (
    <>
      <PageHead
        title="Images"
        chips={
          images.data && (
            <>
              <Chip>{images.data.items.length} repositories</Chip>
              {troubled > 0 && <Chip tone="bad">{troubled} unreadable</Chip>}
            </>
          )
        }
      />
      <div className="mb-3">
        <Input
          type="search"
          data-search
          aria-label="Filter repositories"
          placeholder="Filter by name"
          value={filter}
          onChange={(event) => void setFilter(event.target.value || null)}
          className="w-full sm:w-72"
        />
      </div>
      <Card>
        <QueryView query={images} what="the images" loading={<SkeletonRows label="Loading the images" />}>
          {({ items }) => {
            const shown = items.filter((one) => one.name.toLowerCase().includes(filter.toLowerCase()))
            return shown.length > 0 ? <RepositoryTable items={shown} /> : <NoRepositories filter={filter} />
          }}
        </QueryView>
      </Card>
    </>
  )
}

function RepositoryTable({ items }: { items: readonly ImageRepository[] }) {
  const matrix = useMatrix().data
  const releases = new Map((matrix ? releasesOf(matrix) : []).map((release) => [release.id, release]))
  return (
    <Table label="Image repositories">
      <thead>
        <tr>
          <Th>Repository</Th>
          <Th className="text-right">Tags</Th>
          <Th>Read</Th>
          <Th>Next</Th>
          <Th className="w-full">Used by</Th>
          <Th>
            <span className="sr-only">Scan</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <Tr key={one.name}>
            <Td phone="line">
              <span className="flex items-center gap-2">
                <StateIcon
                  state={one.problem ? 'bad' : one.scannedAt === undefined ? 'none' : 'ok'}
                  label={one.problem ? 'unreadable' : null}
                />
                <span>
                  <span className="mono font-medium max-sm:break-all max-sm:whitespace-normal">{one.name}</span>
                  {one.problem && (
                    <span className="block py-1 text-xs whitespace-normal text-bad">
                      {one.problem.message} <span className="text-muted">{one.problem.suggestion}</span>
                    </span>
                  )}
                </span>
              </span>
            </Td>
            <Td className="text-right max-sm:text-faint">
              {one.tagCount}
              <span className="sm:hidden"> {one.tagCount === 1 ? 'tag' : 'tags'}, read</span>
            </Td>
            <Td className="text-faint">
              {one.scannedAt === undefined ? 'not yet' : <RelativeTime at={one.scannedAt} suffix />}
            </Td>
            <Td phone="hidden" className="text-faint">
              <NextScan at={one.nextScanAt} />
            </Td>
            <Td phone="line" className="max-sm:order-last">
              <span className="flex flex-wrap gap-x-3 gap-y-1">
                {one.usedBy.map((id) => (
                  <span key={id}>
                    <Link className="link" href={`/releases/${encodeURIComponent(id)}/images`}>
                      {releases.get(id)?.name ?? id}
                    </Link>{' '}
                    <span className="text-faint">{releases.get(id)?.environment}</span>
                  </span>
                ))}
              </span>
            </Td>
            <Td phone="end" className="text-right">
              <ScanButton repository={one.name} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

function ScanButton({ repository }: { repository: string }) {
  const blocked = useBlocked('sync:write')
  const scan = useCommand(scanImage)
  return (
    <Button size="sm" blocked={blocked} busy={scan.isPending} onClick={() => scan.mutate({ body: { repository } })}>
      Scan now<span className="sr-only"> {repository}</span>
    </Button>
  )
}

function NoRepositories({ filter }: { filter: string }) {
  return filter ? (
    <EmptyState icon="search" title="No repository fits">
      No watched repository is called “{filter}”.
    </EmptyState>
  ) : (
    <EmptyState icon="images" title="No image is watched yet">
      Every image that a release in Git names is watched from then on.
    </EmptyState>
  )
}
