import { redactText, type RedactText } from '#lib/core/redact/index.ts'
import type { Clock } from '#lib/ports/clock.ts'
import type { Log } from '#lib/ports/log.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
type Level = (typeof levels)[number]

export interface JsonLogOptions {
  clock: Clock
  /** Lines below it are dropped. */
  level?: Level
  /** Takes one line with its newline; stdout if absent. */
  write?: (line: string) => void
  fields?: Record<string, unknown>
  /** Of every text in a line; absent = what looks like a credential is masked. */
  redact?: RedactText
}

/**
 * One JSON object a line: `time`, `level`, `message`, then the fields. A field whose name says it is secret is masked, and so
 * are secrets in texts.
 */
export function jsonLog(options: JsonLogOptions): Log {
  const lowest = levels.indexOf(options.level ?? 'info')
  const redact = options.redact ?? ((text: string) => redactText(text))
  const plain = plainWith(redact)
  const write = options.write ?? ((line: string) => void process.stdout.write(line))
  const say = (level: Level, message: string, fields?: Record<string, unknown>): void => {
    if (levels.indexOf(level) < lowest) return
    const time = new Date(options.clock.now()).toISOString()
    write(`${JSON.stringify({ time, level, message, ...options.fields, ...fields }, plain)}\n`)
  }
  return {
    debug: (message, fields) => say('debug', message, fields),
    info: (message, fields) => say('info', message, fields),
    warn: (message, fields) => say('warn', message, fields),
    error: (message, fields) => say('error', message, fields),
    with: (fields) => jsonLog({ ...options, fields: { ...options.fields, ...fields } }),
  }
}

const secretName = /pass(word|phrase)|secret|token|authorization|cookie|credential|private_?key/i

/** JSON has no Error, bigint or secrets. */
function plainWith(redact: RedactText) {
  return (name: string, value: unknown): unknown => {
    if (secretName.test(name) && typeof value === 'string') return '[masked]'
    if (typeof value === 'bigint') return Number(value)
    if (typeof value === 'string') return redact(value)
    if (value instanceof Error) {
      const { name: kind, message, cause } = value
      return { name: kind, message, ...('code' in value ? { code: value.code } : {}), ...(cause ? { cause } : {}) }
    }
    return value
  }
}
