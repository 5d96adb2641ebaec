'use client'

import { useRef } from 'react'
import type { Matrix, MatrixRow } from '#lib/api/environments.ts'
import { classNames } from '../ui/class-names.ts'
import { ApplicationRow } from './application-row.tsx'
import { aboutRow, usualPolicy } from './matrix-rows.ts'
import { useWindowBand } from './use-window-band.ts'
import { visibleRange } from './visible-range.ts'

/** Below this many rows all of them are in the page; above, only those in sight. */
const virtualFrom = 24
/** Height of a release or of a row's name, with its line. Pixels; the classes below say the same. */
const slot = 62
const cardGap = 12

const columns: Record<number, string> = {
  1: 'md:grid-cols-[232px_repeat(1,minmax(0,1fr))]',
  2: 'md:grid-cols-[232px_repeat(2,minmax(0,1fr))]',
  3: 'md:grid-cols-[200px_repeat(3,minmax(0,1fr))] xl:grid-cols-[232px_repeat(3,minmax(0,1fr))]',
  4: 'md:grid-cols-[160px_repeat(4,minmax(0,1fr))] xl:grid-cols-[200px_repeat(4,minmax(0,1fr))]',
  5: 'md:grid-cols-[140px_repeat(5,minmax(0,1fr))] xl:grid-cols-[180px_repeat(5,minmax(0,1fr))]',
}
const columnsFor = (count: number) => columns[count] ?? columns[5] ?? ''

/** Application × environment. On a phone each application is a card with its environments below each other. */
export function EnvironmentMatrix({ matrix, rows }: { matrix: Matrix; rows: readonly MatrixRow[] }) {
  const grid = columnsFor(matrix.environments.length)
  return (
    <table aria-label="Applications by environment" aria-rowcount={rows.length + 1} className="block w-full">
      <thead className="block">
        <tr className={classNames('hidden items-baseline pb-2 text-xs text-faint md:grid', grid)}>
          <th scope="col" className="px-3.5 text-left font-medium">
            Application
          </th>
          {matrix.environments.map((environment, at) => {
            const policy = usualPolicy(rows.flatMap((row) => row.cells[at]?.releases ?? []))
            return (
              <th key={environment.name} scope="col" className="truncate px-3.5 text-left font-medium">
                <b className="text-sm font-semibold text-fg">{environment.name}</b>
                {policy && (policy.includes('*') ? ` · follows ${policy}` : ` · ${policy}`)}
                {environment.mode === 'observe' && ' · observed'}
              </th>
            )
          })}
        </tr>
      </thead>
      {rows.length < virtualFrom ? (
        <tbody className="block">
          {rows.map((row) => (
            <ApplicationRow key={row.application} row={row} about={aboutRow(row)} grid={grid} />
          ))}
        </tbody>
      ) : (
        <RowsInSight rows={rows} grid={grid} />
      )}
    </table>
  )
}

/** A row is as high as its fullest cell; on a phone as all its releases together. */
function heightOf(row: MatrixRow, wide: boolean): number {
  const counts = row.cells.map((cell) => cell.releases.length)
  return wide ? slot * Math.max(1, ...counts) : slot * (1 + counts.reduce((sum, count) => sum + count, 0)) + cardGap
}

function RowsInSight({ rows, grid }: { rows: readonly MatrixRow[]; grid: string }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const band = useWindowBand(body)
  const heights = rows.map((row) => heightOf(row, band.wide))
  const { from, to, above, below } = visibleRange(heights, band.top, band.bottom)
  return (
    <tbody ref={body} className="block" style={{ paddingTop: above, paddingBottom: below }}>
      {rows.slice(from, to).map((row, at) => (
        <ApplicationRow key={row.application} row={row} about={aboutRow(row)} grid={grid} position={from + at + 2} />
      ))}
    </tbody>
  )
}
