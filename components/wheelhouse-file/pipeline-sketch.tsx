import type { Pipeline } from '#lib/api/pipeline.ts'
import { GateList } from '../pipeline/environment-node.tsx'

/** The pipeline that a text draws, from top to bottom: what is promoted from where, and through which gates. */
export function PipelineSketch({ pipeline }: { pipeline: Pipeline }) {
  const { environments, edges, beside } = pipeline
  if (environments.length === 0)
    return (
      <p className="px-4 py-4 text-muted">
        It names no environments, and none of those there are is called dev, test, stg or prod.
      </p>
    )
  return (
    <div className="px-4 py-3">
      <ol aria-label="The pipeline it draws" className="grid gap-2">
        {environments.map(({ name, gates }) => (
          <li key={name} className="overflow-hidden rounded-md border border-line-strong bg-bg">
            <p className="flex flex-wrap items-baseline gap-x-2 px-3 py-1.5">
              <b className="font-semibold">{name}</b>
              <Sources from={edges.filter(({ to }) => to === name).map(({ from }) => from)} />
            </p>
            <GateList gates={gates} waitsFor={noneWaited} />
          </li>
        ))}
      </ol>
      {beside.length > 0 && <p className="mt-2.5 text-xs text-faint">Beside the pipeline: {beside.join(', ')}</p>}
    </div>
  )
}

const noneWaited: ReadonlySet<string> = new Set()

function Sources({ from }: { from: readonly string[] }) {
  const words = from.length === 0 ? 'where it begins' : `from ${from.join(', ')}`
  return <span className="ml-auto text-xs text-faint">{words}</span>
}
