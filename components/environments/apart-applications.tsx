'use client'

import type { MatrixRow } from '#lib/api/environments.ts'
import { classNames } from '../ui/class-names.ts'
import { ApplicationRow } from './application-row.tsx'
import { aboutRow } from './matrix-rows.ts'

const grid = 'md:grid-cols-[200px_minmax(0,1fr)] xl:grid-cols-[232px_minmax(0,1fr)]'

/** What stands in environments that share no application with another: below the matrix, in its look. */
export function ApartApplications({ rows }: { rows: readonly MatrixRow[] }) {
  if (rows.length === 0) return null
  const names = [...new Set(rows.flatMap((row) => row.cells.map((cell) => cell.environment)))]
  return (
    <table aria-label="Applications in environments of their own" className="mt-7 block w-full">
      <thead className="block">
        <tr className={classNames('hidden items-baseline pb-2 text-xs text-faint md:grid', grid)}>
          <th scope="col" className="px-3.5 text-left font-medium">
            On their own
          </th>
          <th scope="col" className="truncate px-3.5 text-left font-medium">
            <b className="text-sm font-semibold text-fg">{names.join(', ')}</b> · share no application with another
          </th>
        </tr>
      </thead>
      <tbody className="block">
        {rows.map((row) => {
          const environment = row.cells[0]?.environment ?? ''
          return (
            <ApplicationRow
              key={`${environment}/${row.application}`}
              row={row}
              about={[environment, aboutRow(row)].filter(Boolean).join(' · ')}
              grid={grid}
            />
          )
        })}
      </tbody>
    </table>
  )
}
