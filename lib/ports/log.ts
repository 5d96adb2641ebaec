/** Structured log: a static message and fields, never secrets or payloads. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
  /** A log whose lines all carry these fields. */
  with(fields: Record<string, unknown>): Log
}
