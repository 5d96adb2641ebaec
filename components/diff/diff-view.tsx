'use client'

import { useMemo, useState } from 'react'
import { classNames } from '../ui/class-names.ts'
import { useKeyboardScroll } from '../ui/use-keyboard-scroll.ts'
import { diffOf, sideBySide, type DiffLine, type DiffPair, type Piece } from './diff-lines.ts'

export type DiffLayout = 'unified' | 'split'

/** Above this many rows only the first are drawn until asked for more: a page stays quick with a big chart. */
const rowsAtFirst = 400

/** Two texts, line by line; changed words stronger, unchanged runs folded until opened. */
export function DiffView({
  before,
  after,
  layout,
  label = 'Difference',
}: {
  before: string
  after: string
  layout: DiffLayout
  /** Its own where a page has several. */
  label?: string
}) {
  const lines = useMemo(() => diffOf(before, after), [before, after])
  const box = useKeyboardScroll<HTMLElement>()
  const [limit, setLimit] = useState(rowsAtFirst)
  const rows: readonly (DiffLine | DiffPair)[] = layout === 'split' ? sideBySide(lines) : lines
  return (
    <section ref={box} aria-label={label} className="overflow-x-auto font-mono text-xs leading-[1.65]">
      <div className={layout === 'split' ? 'min-w-[640px]' : 'w-max min-w-full'}>
        {rows
          .slice(0, limit)
          .map((row, at) =>
            layout === 'split' ? (
              <SplitRow key={at} row={row as DiffPair} />
            ) : (
              <UnifiedRow key={at} line={row as DiffLine} />
            ),
          )}
      </div>
      {rows.length > limit && (
        <button
          type="button"
          onClick={() => setLimit(limit + rowsAtFirst)}
          className="w-full bg-sunken py-1.5 font-sans text-2xs text-muted hover:text-fg"
        >
          {rows.length - limit} more rows
        </button>
      )}
    </section>
  )
}

const marks = { add: '+', del: '-', same: ' ' } as const
const grounds = { add: 'bg-add', del: 'bg-del', same: '' } as const

/** On a coloured ground the faintest grey is too faint. */
const numberClass = (kind: keyof typeof grounds) =>
  classNames('pr-2.5 text-right select-none', kind === 'same' ? 'text-faint' : 'text-muted')

function UnifiedRow({ line }: { line: DiffLine }) {
  const [open, setOpen] = useState(false)
  if (line.kind === 'fold') {
    if (open) return line.lines.map((one) => <UnifiedRow key={one.from} line={one} />)
    return <FoldButton count={line.lines.length} onOpen={() => setOpen(true)} />
  }
  return (
    <div className={classNames('grid grid-cols-[38px_18px_1fr] pr-3 whitespace-pre', grounds[line.kind])}>
      <span className={numberClass(line.kind)}>{line.kind === 'del' ? line.from : line.to}</span>
      <span aria-label={line.kind === 'same' ? undefined : line.kind === 'add' ? 'added' : 'removed'}>
        {marks[line.kind]}
      </span>
      <Words line={line} />
    </div>
  )
}

function SplitRow({ row }: { row: DiffPair }) {
  const [open, setOpen] = useState(false)
  if (row.kind === 'fold') {
    if (open)
      return row.fold.lines.map((one) => <SplitRow key={one.from} row={{ kind: 'pair', left: one, right: one }} />)
    return <FoldButton count={row.fold.lines.length} onOpen={() => setOpen(true)} />
  }
  return (
    <div className="grid grid-cols-2 divide-x divide-line">
      <SplitSide line={row.left} side="left" />
      <SplitSide line={row.right} side="right" />
    </div>
  )
}

function SplitSide({ line, side }: { line: DiffLine | undefined; side: 'left' | 'right' }) {
  if (!line || line.kind === 'fold') return <div className="bg-sunken" />
  const number = line.kind === 'add' || (line.kind === 'same' && side === 'right') ? line.to : line.from
  return (
    <div
      className={classNames('grid grid-cols-[38px_18px_1fr] pr-3 break-all whitespace-pre-wrap', grounds[line.kind])}
    >
      <span className={numberClass(line.kind)}>{number}</span>
      <span aria-label={line.kind === 'same' ? undefined : line.kind === 'add' ? 'added' : 'removed'}>
        {marks[line.kind]}
      </span>
      <Words line={line} />
    </div>
  )
}

function Words({ line }: { line: Exclude<DiffLine, { kind: 'fold' }> }) {
  if (line.kind === 'same') return <span>{line.text}</span>
  return (
    <span>
      {line.pieces.map((piece: Piece, at) =>
        piece.changed ? (
          <mark
            key={at}
            className={classNames('rounded-[2px] text-fg', line.kind === 'add' ? 'bg-add-strong' : 'bg-del-strong')}
          >
            {piece.text}
          </mark>
        ) : (
          <span key={at}>{piece.text}</span>
        ),
      )}
    </span>
  )
}

function FoldButton({ count, onOpen }: { count: number; onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      className="block w-full bg-sunken py-0.5 pr-3 pl-14 text-left font-sans text-2xs text-faint hover:text-fg focus-visible:-outline-offset-2"
    >
      {count} unchanged {count === 1 ? 'line' : 'lines'}
    </button>
  )
}
