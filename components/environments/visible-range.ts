/** Which of many items, each of a known height below the other, are in sight. Pixels. */
export interface VisibleRange {
  /** Index of the first, and of the one after the last. */
  from: number
  to: number
  /** Space that those above and below take. */
  above: number
  below: number
}

/** `top` and `bottom` are the edges of what is seen, from the top of the first item. */
export function visibleRange(heights: readonly number[], top: number, bottom: number): VisibleRange {
  let offset = 0
  let from = 0
  while (from < heights.length && offset + (heights[from] ?? 0) <= top) offset += heights[from++] ?? 0
  const above = offset
  let to = from
  while (to < heights.length && offset < bottom) offset += heights[to++] ?? 0
  let below = 0
  for (let at = to; at < heights.length; at += 1) below += heights[at] ?? 0
  return { from, to, above, below }
}
