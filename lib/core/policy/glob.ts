/**
 * Whole-tag match where `*` stands for any run, also an empty one, and nothing else is special (no `?`, no `[]`).
 * Greedy from the left, so time is linear in the tag for each literal piece.
 */
export function compileGlob(expression: string): (tag: string) => boolean {
  const pieces = expression.split('*')
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return (tag) => tag === first
  const last = pieces.at(-1) ?? ''
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '')
  const atLeast = first.length + last.length
  return (tag) => {
    if (tag.length < atLeast || !tag.startsWith(first) || !tag.endsWith(last)) return false
    const end = tag.length - last.length
    let at = first.length
    for (const piece of middle) {
      const found = tag.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= end
  }
}
