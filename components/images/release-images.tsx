'use client'

import { parseAsString, useQueryState } from 'nuqs'
import type { ReleaseContainer, ReleaseImages as Answer } from '#lib/api/images.ts'
import { QueryView } from '../live/query-view.tsx'
import { Card, Section } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { useRelease } from '../releases/use-release.ts'
import { ContainerPolicy } from './container-policy.tsx'
import { TagTable } from './tag-table.tsx'
import { useReleaseImages } from './use-images.ts'

/** Each container with its policy, what it would choose now and why, and a verdict for every known tag. */
export function ReleaseImages({ id }: { id: string }) {
  const images = useReleaseImages(id)
  const environment = useRelease(id).data?.release.environment
  const [chosen, choose] = useQueryState('container', parseAsString)
  return (
    <QueryView
      query={images}
      what="the images"
      loading={
        <Card>
          <SkeletonRows rows={10} label="Loading the images" />
        </Card>
      }
    >
      {(data) => {
        const container = data.containers.find((one) => one.container === chosen) ?? data.containers[0]
        if (!container) return <NoImages />
        return (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
            {data.containers.length > 1 && (
              <Segmented
                label="Container"
                value={container.container}
                onChange={(next) => void choose(next)}
                options={data.containers.map((one) => ({
                  value: one.container,
                  label: <ContainerName container={one} />,
                }))}
              />
            )}
            <ContainerPolicy key={container.container} id={id} environment={environment} container={container} />
            <TagTable key={`tags-${container.container}`} id={id} environment={environment} container={container} />
            <Decisions decisions={data.decisions} container={container.container} />
          </div>
        )
      }}
    </QueryView>
  )
}

function ContainerName({ container }: { container: ReleaseContainer }) {
  return (
    <>
      {container.problem && <StateIcon state="wait" className="size-3" />}
      {container.container}
    </>
  )
}

const decisionStates: Record<Answer['decisions'][number]['kind'], State> = {
  move: 'ok',
  stay: 'none',
  waiting: 'run',
  blocked: 'wait',
}

function Decisions({ decisions, container }: { decisions: Answer['decisions']; container: string }) {
  const own = decisions.filter((one) => one.container === container)
  if (own.length === 0) return null
  return (
    <Section title="Decisions" note="newest first">
      <ol className="divide-y divide-line">
        {own.map((one) => (
          <li key={`${one.at}-${one.kind}`} className="flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1.5">
            <StateIcon state={decisionStates[one.kind]} label={one.kind} />
            <span className="min-w-0 flex-1">
              {one.tag && <span className="mono font-medium">{one.tag} </span>}
              <span className="text-muted">{one.reason}</span>
            </span>
            <span className="mono text-xs text-faint">{one.policy}</span>
            <RelativeTime at={one.at} suffix className="text-xs text-faint" />
          </li>
        ))}
      </ol>
    </Section>
  )
}

function NoImages() {
  return (
    <EmptyState icon="images" title="No images found">
      None of the values of this release names an image. Write <span className="mono">image</span> (or repository and
      tag) into its values, or map it with the annotation{' '}
      <span className="mono">repository.fluxcd.io/&lt;alias&gt;</span>.
    </EmptyState>
  )
}
