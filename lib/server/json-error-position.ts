const space = /[ \t\n\r]*/y
/** A string without raw control characters (below space). */
const string = /"(?:[ !\u0023-\u005b\u005d-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const other = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/**
 * Offset of the first character that keeps `text` from being JSON (RFC 8259); its length where it ends too early.
 * V8's own message names the offset only for some mistakes.
 */
export function jsonErrorPosition(text: string): number {
  const closers: string[] = []
  let at = 0
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }
  const take = (char: string): boolean => {
    skip(space)
    if (text[at] !== char) return false
    at += 1
    return true
  }
  const key = (): boolean => {
    skip(space)
    return skip(string) && take(':')
  }
  /** Reads one value, going into containers; false at a mistake. */
  const value = (): boolean => {
    if (take('[')) return take(']') || (closers.push(']'), value())
    if (take('{')) return take('}') || (closers.push('}'), key() && value())
    skip(space)
    return skip(string) || skip(other)
  }
  if (!value()) return at
  while (closers.length > 0) {
    const closer = closers.at(-1) ?? ''
    if (take(closer)) closers.pop()
    else if (!take(',') || (closer === '}' && !key()) || !value()) return at
  }
  skip(space)
  return at
}
