import type { Problem } from '../problem/index.ts'

export type ChartPath = { ok: true; path: string } | { ok: false; problem: Problem }

const refuse = (written: string, because: string): ChartPath => ({
  ok: false,
  problem: {
    code: 'chart-path-invalid',
    severity: 'error',
    message: `The chart path ${JSON.stringify(written.slice(0, 200))} ${because}.`,
    suggestion: 'Write the path of the chart below the root of its repository, such as charts/podinfo.',
  },
})

/**
 * A chart's directory relative to the root of its repository, without `./` and trailing slashes; `.` = the root itself.
 * Refuses whatever could leave the repository, touch its `.git`, or be taken for an option.
 */
export function safeChartPath(written: string): ChartPath {
  if (written.length > 1_000) return refuse(written, 'is longer than 1,000 characters')
  if (/[\0\\]/.test(written)) return refuse(written, 'holds a backslash or a zero byte')
  if (written.startsWith('/') || /^[A-Za-z]:/.test(written)) return refuse(written, 'is absolute')
  const parts = written.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) return refuse(written, 'leaves the repository')
  if (parts.some((part) => part.toLowerCase() === '.git')) return refuse(written, 'points into .git')
  if (parts[0]?.startsWith('-')) return refuse(written, 'begins with a dash')
  return { ok: true, path: parts.join('/') || '.' }
}
