interface Piece {
  /** Code of an action, without its comments and strings. */
  isCode: boolean
  text: string
}

const quotes = new Set(['"', '`', "'"])

/** The whole of a text in pieces. An action that does not end makes the rest no code: Helm would refuse it. Linear time. */
function piecesOf(template: string): Piece[] {
  const openings = /\{\{(?:-\s+)?(\/\*)?/g
  const tokens = /"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|\}\}|[^"'`}]+|\}/y
  const pieces: Piece[] = []
  let at = 0
  const take = (end: number, isCode: boolean) => {
    pieces.push({ isCode, text: template.slice(at, end) })
    at = end
  }
  for (let opening = openings.exec(template); opening; opening = openings.exec(template)) {
    take(openings.lastIndex, false)
    if (opening[1] !== undefined) {
      const end = template.indexOf('*/', at)
      if (end < 0) break
      take(end + 2, false)
    } else {
      tokens.lastIndex = at
      let token = tokens.exec(template)?.[0]
      for (; token !== undefined && token !== '}}'; token = tokens.exec(template)?.[0])
        take(tokens.lastIndex, !quotes.has(token.charAt(0)))
      if (token === undefined) break
    }
    openings.lastIndex = at
  }
  take(template.length, false)
  return pieces
}

/** Where functions of these names are called in code; fields and variables called so are none. */
function callsOf(names: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w.$])(?:${names.join('|')})(?!\\w)`, 'g')
}

/** Those of the names that a text's template actions call, in their order. */
export function calledFunctions(template: string, names: readonly string[]): string[] {
  if (!template.includes('{{')) return []
  const calls = callsOf(names)
  const found = new Set(piecesOf(template).flatMap(({ isCode, text }) => (isCode ? (text.match(calls) ?? []) : [])))
  return names.filter((name) => found.has(name))
}

/** The text with a call of `other` in the place of each call of these functions; lines stay where they are. */
export function replaceCalls(template: string, names: readonly string[], other: string): string {
  if (!template.includes('{{')) return template
  const calls = callsOf(names)
  return piecesOf(template)
    .map(({ isCode, text }) => (isCode ? text.replace(calls, other) : text))
    .join('')
}
