import { isScalar, type Node, type Scalar } from 'yaml'

export type Quotes = 'plain' | 'single' | 'double'

/**
 * Text without quotes that every YAML reader between here and the chart takes as text: not what 1.1, 1.2 or go-yaml
 * read as number (`1.20`, `1234e56`), truth value, null, date or sexagesimal.
 */
export function readsAsText(text: string): boolean {
  return !notText.some((pattern) => pattern.test(text))
}

const notText = [
  /^$/,
  /^(?:~|null|true|false|yes|no|on|off|y|n)$/i,
  /^[-+]?(?:\.\d[\d_]*|\d[\d_]*(?:\.[\d_]*)?)(?:e[-+]?\d+)?$/i,
  /^[-+]?0(?:x[\da-f_]+|o?[0-7_]+|b[01_]+)$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt\s].*)?$/,
  /^(?:=|<<)$/,
]

/** The text in the quotes asked for, or in double quotes where it would mean something else in them. */
export function writeText(text: string, quotes: Quotes, inFlow: boolean): string {
  if (quotes === 'plain' && isPlainSafe(text, inFlow) && readsAsText(text)) return text
  // Control characters and line breaks exist only in double quotes.
  if (quotes === 'single' && !/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]/.test(text))
    return `'${text.replaceAll("'", "''")}'`
  return JSON.stringify(text).replaceAll(/[\x7f-\x9f\u2028\u2029\ufeff]/g, escaped)
}

/** A literal such as a number keeps its kind when its new text is one of the same kind; undefined otherwise. */
export function writeLiteral(node: Scalar, text: string): string | undefined {
  if (node.type !== 'PLAIN') return undefined
  if (typeof node.value === 'boolean') return /^(?:true|false)$/.test(text) ? text : undefined
  if (typeof node.value === 'number') return /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/.test(text) ? text : undefined
  return undefined
}

export function quotesOf(node: Node | null): Quotes {
  if (!isScalar(node)) return 'plain'
  if (node.type === 'QUOTE_SINGLE') return 'single'
  return node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain'
}

/** A block scalar of one stripped line keeps its form; any other becomes text on the key's own line. */
export function writeBlock(source: string, text: string): string {
  const tail = /(?:\r?\n[ \t]*)*$/.exec(source)?.[0] ?? ''
  const oneLine = /^([|>]\d?-[^\r\n]*\r?\n +)[^\s][^\r\n]*$/.exec(source.slice(0, source.length - tail.length))
  const fits = oneLine && !/[^\x20-\x7e]|^\s|\s$|^$/.test(text)
  return fits ? `${oneLine[1]}${text}${tail}` : `${writeText(text, 'plain', false)}${tail}`
}

function isPlainSafe(text: string, inFlow: boolean): boolean {
  if (!/^[A-Za-z0-9_./][\x20-\x7e]*$/.test(text) || /\s$|:$|:\s|\s#/.test(text)) return false
  return text !== '---' && text !== '...' && !(inFlow && /[,[\]{}]/.test(text))
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
