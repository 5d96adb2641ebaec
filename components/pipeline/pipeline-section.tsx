'use client'

import { parseAsString, useQueryState } from 'nuqs'
import type { Matrix } from '#lib/api/environments.ts'
import type { Pipeline } from '#lib/api/pipeline.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { QueryView } from '../live/query-view.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Select } from '../ui/field.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { applicationPipeline } from './application-pipeline.ts'
import { PipelinePicture } from './pipeline-picture.tsx'
import { usePipeline } from './use-pipeline.ts'

/** How one application goes from environment to environment; which one stands in the address. */
export function PipelineSection() {
  const pipeline = usePipeline()
  const matrix = useMatrix()
  const [wanted, choose] = useQueryState('app', parseAsString)
  const names = (matrix.data?.rows ?? []).filter(({ ways }) => ways.length > 0).map((row) => row.application)
  const application = wanted ?? names[0]
  return (
    <Section
      title="Pipeline"
      className="mb-5"
      note={<span className="max-sm:hidden">what runs where, and the way to the next</span>}
      aside={
        <>
          <ButtonLink size="sm" kind="quiet" href="/repository/wheelhouse-yaml">
            wheelhouse.yaml
          </ButtonLink>
          {names.length > 0 && (
            <Select
              aria-label="Application"
              value={application}
              onChange={(event) => void choose(event.target.value)}
              className="max-w-56"
            >
              {[...new Set(application ? [...names, application] : names)].toSorted().map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </>
      }
    >
      <QueryView query={pipeline} what="the pipeline" loading={<LoadingPicture />}>
        {(data) => (
          <QueryView query={matrix} what="the environments" loading={<LoadingPicture />}>
            {(known) => <Picture application={application} pipeline={data} matrix={known} />}
          </QueryView>
        )}
      </QueryView>
    </Section>
  )
}

function Picture({
  application,
  pipeline,
  matrix,
}: {
  application: string | undefined
  pipeline: Pipeline
  matrix: Matrix
}) {
  const drawn = application ? applicationPipeline(application, pipeline, matrix) : undefined
  if (!drawn || drawn.stops.length + drawn.beside.length === 0)
    return (
      <p className="px-4 py-6 text-center text-muted">
        {application
          ? `No release belongs to ${application}.`
          : 'An application that runs in two of dev, test, stg and prod is drawn here; wheelhouse.yaml can name other environments and their order.'}
      </p>
    )
  return <PipelinePicture key={application} drawn={drawn} />
}

function LoadingPicture() {
  return (
    <output aria-label="Loading the pipeline" className="grid gap-4 p-4 md:grid-cols-3 md:gap-28">
      {Array.from({ length: 3 }, (_, at) => (
        <span key={at} className="grid h-[104px] content-start gap-2.5 rounded-md border border-line p-3.5">
          <Skeleton className="h-3 w-12" />
          <Skeleton className="h-3.5 w-32 max-w-full" />
          <Skeleton className="h-3 w-20" />
        </span>
      ))}
    </output>
  )
}
