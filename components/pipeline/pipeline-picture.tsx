'use client'

import type { Release } from '#lib/api/release-schemas.ts'
import { useOpenPromotions } from '../promotions/use-promotions.ts'
import type { ApplicationPipeline, Stop } from './application-pipeline.ts'
import { PipelineEdge } from './pipeline-edge.tsx'
import { EnvironmentNode, ReleaseLine } from './environment-node.tsx'

/** Half a row, so that columns of even and odd height can both be centred. */
const halfRow = 'minmax(50px, 1fr)'

/**
 * A list of environments, each with the ways that lead to it; where there is room it is laid out as a picture. What is read
 * aloud and reached by keyboard is the same in both.
 */
export function PipelinePicture({ drawn }: { drawn: ApplicationPipeline }) {
  const { application, columns, rows, stops, beside } = drawn
  const releaseIn = (name: string): Release | undefined => {
    const releases = stops.find(({ environment }) => environment === name)?.releases ?? []
    return releases.length === 1 ? releases[0] : undefined
  }
  const nodeWidths = Array.from({ length: columns }, () => 'minmax(166px, 300px)')
  return (
    <div className="@container">
      <div className="overflow-x-auto p-4">
        <ol
          aria-label={`Pipeline of ${application}`}
          className="flex flex-col @3xl:grid"
          style={{
            gridTemplateColumns: nodeWidths.join(' minmax(120px, 180px) '),
            gridTemplateRows: `repeat(${rows * 2}, ${halfRow})`,
          }}
        >
          {stops.map((stop) => (
            <StopItem key={stop.environment} stop={stop} rows={rows} releaseIn={releaseIn} />
          ))}
        </ol>
      </div>
      {beside.length > 0 && (
        <section aria-label="Beside the pipeline" className="border-t border-line px-4 py-3">
          <h3 className="eyebrow mb-2">Beside the pipeline</h3>
          <ul className="flex flex-wrap gap-3">
            {beside.map((release) => (
              <li key={release.id} className="w-full rounded-md border border-dashed border-line-strong @md:w-60">
                <p className="px-3 pt-2 text-xs font-semibold text-muted">{release.environment}</p>
                <ReleaseLine release={release} named={false} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function StopItem({
  stop,
  rows,
  releaseIn,
}: {
  stop: Stop
  rows: number
  releaseIn: (environment: string) => Release | undefined
}) {
  const open = useOpenPromotions().data?.items ?? []
  const own = open.filter(({ release }) => stop.releases.some(({ id }) => id === release))
  const onEdges = new Set(stop.incoming.map(({ from }) => from))
  return (
    <li className="@3xl:contents">
      {stop.incoming.map((edge) => (
        <PipelineEdge
          key={edge.from}
          edge={edge}
          rows={rows}
          source={releaseIn(edge.from)}
          target={releaseIn(edge.to)}
          promotion={own.find(({ from }) => from === edge.from)}
        />
      ))}
      <EnvironmentNode
        stop={stop}
        promotions={own}
        elsewhere={own.filter(({ from }) => from === undefined || !onEdges.has(from))}
      />
    </li>
  )
}
