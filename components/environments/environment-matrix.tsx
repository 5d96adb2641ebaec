'use client'

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import type { Matrix, MatrixRow } from '#lib/api/environments.ts'
import { classNames } from '../ui/class-names.ts'
import { aboutRow, usualPolicy } from './matrix-rows.ts'
import { ReleaseCell } from './release-cell.tsx'

/** Below this many rows all of them are in the page; above, only those in sight. */
const virtualFrom = 24
const rowHeight = 64

const columns: Record<number, string> = {
  1: 'md:grid-cols-[232px_repeat(1,minmax(0,1fr))]',
  2: 'md:grid-cols-[232px_repeat(2,minmax(0,1fr))]',
  3: 'md:grid-cols-[200px_repeat(3,minmax(0,1fr))] xl:grid-cols-[232px_repeat(3,minmax(0,1fr))]',
  4: 'md:grid-cols-[160px_repeat(4,minmax(0,1fr))] xl:grid-cols-[200px_repeat(4,minmax(0,1fr))]',
  5: 'md:grid-cols-[140px_repeat(5,minmax(0,1fr))] xl:grid-cols-[180px_repeat(5,minmax(0,1fr))]',
}
const columnsFor = (count: number) => columns[count] ?? columns[5]

/** Application × environment. On a phone each application is a card with its environments below each other. */
export function EnvironmentMatrix({ matrix, rows }: { matrix: Matrix; rows: readonly MatrixRow[] }) {
  const grid = columnsFor(matrix.environments.length)
  return (
    <div role="table" aria-label="Applications by environment" aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <div role="row" className={classNames('hidden items-baseline pb-2 text-xs text-faint md:grid', grid)}>
          <div role="columnheader" className="px-3.5 font-medium">
            Application
          </div>
          {matrix.environments.map((environment, at) => {
            const releases = rows.flatMap((row) => row.cells[at]?.releases ?? [])
            const policy = usualPolicy(releases)
            return (
              <div key={environment.name} role="columnheader" className="truncate px-3.5 font-medium">
                <b className="text-sm font-semibold text-fg">{environment.name}</b>
                {policy && (policy.includes('*') ? ` · follows ${policy}` : ` · ${policy}`)}
                {environment.mode === 'observe' && ' · observed'}
              </div>
            )
          })}
        </div>
      </div>
      {rows.length < virtualFrom ? (
        <div role="rowgroup">
          {rows.map((row) => (
            <Row key={row.application} row={row} grid={grid} />
          ))}
        </div>
      ) : (
        <VirtualRows rows={rows} grid={grid} />
      )}
    </div>
  )
}

function VirtualRows({ rows, grid }: { rows: readonly MatrixRow[]; grid: string | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => setOffset(box.current?.offsetTop ?? 0), [])
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 3,
    scrollMargin: offset,
    getItemKey: (at) => rows[at]?.application ?? at,
  })
  return (
    <div ref={box} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index]
        return row ? (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            role="presentation"
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - offset}px)` }}
          >
            <Row row={row} grid={grid} at={item.index + 2} />
          </div>
        ) : null
      })}
    </div>
  )
}

function Row({ row, grid, at }: { row: MatrixRow; grid: string | undefined; at?: number }) {
  return (
    <div
      role="row"
      aria-rowindex={at}
      className={classNames(
        'mb-3 overflow-hidden rounded-md border border-line bg-surface md:mb-0 md:grid md:rounded-none md:border-x-0 md:border-b-0 md:bg-transparent md:last:border-b',
        grid,
      )}
    >
      <div role="rowheader" className="min-w-0 px-3.5 py-[11px]">
        <div className="truncate text-md font-[560] tracking-[-0.01em]">{row.application}</div>
        <div className="mt-[3px] truncate text-xs text-faint">{aboutRow(row)}</div>
      </div>
      {row.cells.map((cell) => (
        <div
          key={cell.environment}
          role="cell"
          className={classNames(
            'min-w-0 border-line max-md:border-t md:border-l',
            cell.releases.length === 0 && 'max-md:hidden',
          )}
        >
          {cell.releases.length === 0 && <p className="px-3.5 py-[11px] text-faint">–</p>}
          {cell.releases.map((release) => (
            <div key={release.id} className="max-md:grid max-md:grid-cols-[64px_minmax(0,1fr)] md:h-full">
              <span className="px-3.5 pt-[12px] text-xs font-semibold text-muted md:hidden">{cell.environment}</span>
              <ReleaseCell release={release} named={cell.releases.length > 1} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
