import { diffLines, diffWordsWithSpace } from 'diff'

/** A piece of a line; `changed` is shown stronger. */
export interface Piece {
  text: string
  changed: boolean
}

export type DiffLine =
  | { kind: 'same'; from: number; to: number; text: string }
  | { kind: 'del'; from: number; pieces: Piece[] }
  | { kind: 'add'; to: number; pieces: Piece[] }
  | { kind: 'fold'; lines: Extract<DiffLine, { kind: 'same' }>[] }

/** Unchanged lines kept in sight around a change. */
const context = 3

const linesOf = (text: string): string[] => {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** The words in which a removed and an added line differ. */
function pieces(before: string, after: string): { before: Piece[]; after: Piece[] } {
  const parts = diffWordsWithSpace(before, after)
  const side = (skip: 'added' | 'removed') =>
    parts.filter((part) => !part[skip]).map((part) => ({ text: part.value, changed: part.added || part.removed }))
  return { before: side('added'), after: side('removed') }
}

/** Lines of two texts in order: same, removed, added; long unchanged runs folded. */
export function diffOf(before: string, after: string): DiffLine[] {
  const lines: DiffLine[] = []
  let from = 1
  let to = 1
  const parts = diffLines(before, after)
  for (const [at, part] of parts.entries()) {
    const texts = linesOf(part.value)
    const next = parts[at + 1]
    const previous = parts[at - 1]
    if (part.removed) {
      const others = next?.added ? linesOf(next.value) : []
      for (const [line, text] of texts.entries())
        lines.push({ kind: 'del', from: from++, pieces: piecesFor(text, others[line], 'before') })
    } else if (part.added) {
      const others = previous?.removed ? linesOf(previous.value) : []
      for (const [line, text] of texts.entries())
        lines.push({ kind: 'add', to: to++, pieces: piecesFor(text, others[line], 'after') })
    } else {
      for (const text of texts) lines.push({ kind: 'same', from: from++, to: to++, text })
    }
  }
  return fold(lines)
}

function piecesFor(text: string, other: string | undefined, side: 'before' | 'after'): Piece[] {
  if (other === undefined) return [{ text, changed: false }]
  return side === 'before' ? pieces(text, other).before : pieces(other, text).after
}

function fold(lines: DiffLine[]): DiffLine[] {
  const near = new Set<number>()
  for (const [at, line] of lines.entries()) {
    if (line.kind === 'same') continue
    for (let other = at - context; other <= at + context; other += 1) near.add(other)
  }
  const folded: DiffLine[] = []
  for (const [at, line] of lines.entries()) {
    const last = folded.at(-1)
    if (line.kind !== 'same' || near.has(at)) folded.push(line)
    else if (last?.kind === 'fold') last.lines.push(line)
    else folded.push({ kind: 'fold', lines: [line] })
  }
  return folded
}

/** Left and right of a side-by-side row; undefined = nothing there. */
export type DiffPair =
  { kind: 'pair'; left?: DiffLine; right?: DiffLine } | { kind: 'fold'; fold: Extract<DiffLine, { kind: 'fold' }> }

/** The same lines, removed ones beside the added ones that took their place. */
export function sideBySide(lines: readonly DiffLine[]): DiffPair[] {
  const pairs: DiffPair[] = []
  let open: { kind: 'pair'; left?: DiffLine; right?: DiffLine }[] = []
  for (const line of lines) {
    if (line.kind === 'del') {
      const pair = { kind: 'pair' as const, left: line }
      open.push(pair)
      pairs.push(pair)
    } else if (line.kind === 'add') {
      const partner = open.shift()
      if (partner) partner.right = line
      else pairs.push({ kind: 'pair', right: line })
    } else {
      open = []
      pairs.push(line.kind === 'fold' ? { kind: 'fold', fold: line } : { kind: 'pair', left: line, right: line })
    }
  }
  return pairs
}
