'use client'

import type { MatrixRow } from '#lib/api/environments.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { nextRelease } from '../promotions/next-environment.ts'
import { PromotePill } from '../promotions/promote-pill.tsx'
import { classNames } from '../ui/class-names.ts'
import { ReleaseCell } from './release-cell.tsx'

/** One application: its name, and a cell for each environment; on a phone a card with its environments below each other. */
export function ApplicationRow({
  row,
  about,
  grid,
  position,
}: {
  row: MatrixRow
  about: string
  grid: string
  position?: number
}) {
  return (
    <tr
      aria-rowindex={position}
      className={classNames(
        'mb-3 block overflow-hidden rounded-md border border-line bg-surface md:mb-0 md:grid md:rounded-none md:border-x-0 md:border-b-0 md:bg-transparent md:last:border-b',
        grid,
      )}
    >
      <th scope="row" className="block h-[61px] min-w-0 px-3.5 py-[11px] text-left">
        <span className="block truncate text-md font-[560] tracking-[-0.01em]">{row.application}</span>
        <span className="mt-[3px] block truncate text-xs font-normal text-faint">{about}</span>
      </th>
      {row.cells.map((cell) => (
        <td
          key={cell.environment}
          className={classNames(
            'block min-w-0 border-line max-md:border-t md:border-l',
            cell.releases.length === 0 && 'max-md:hidden',
          )}
        >
          {cell.releases.length === 0 && <span className="block px-3.5 py-[11px] text-faint">–</span>}
          {cell.releases.map((release) => (
            <div
              key={release.id}
              className="@container/cell relative h-[61px] max-md:grid max-md:grid-cols-[92px_minmax(0,1fr)] md:[&:not(:only-child)]:h-[62px]"
            >
              <span className="truncate pt-[12px] pr-2 pl-3.5 text-xs font-semibold text-muted md:hidden">
                {cell.environment}
              </span>
              <ReleaseInRow
                release={release}
                named={cell.releases.length > 1}
                target={nextRelease(row, cell.environment)}
              />
            </div>
          ))}
        </td>
      ))}
    </tr>
  )
}

/** A cell, and the arrow to the next environment where there is one. */
function ReleaseInRow({ release, named, target }: { release: Release; named: boolean; target: Release | undefined }) {
  const promotes = target !== undefined && release.desired && target.desired
  return (
    <>
      <ReleaseCell release={release} named={named} besideArrow={promotes} />
      {promotes && <PromotePill source={release} target={target} />}
    </>
  )
}
