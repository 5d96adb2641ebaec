import type { Log } from '#lib/ports/log.ts'

/** A log that keeps its lines for tests to look at. */
export interface RecordingLog extends Log {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[]
}

export function createRecordingLog(): RecordingLog {
  const lines: RecordingLog['lines'] = []
  const withFields = (base: Record<string, unknown>): RecordingLog => {
    const write =
      (level: string) =>
      (message: string, fields: Record<string, unknown> = {}) => {
        lines.push({ level, message, fields: { ...base, ...fields } })
      }
    return {
      lines,
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      with: (fields) => withFields({ ...base, ...fields }),
    }
  }
  return withFields({})
}
