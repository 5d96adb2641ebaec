const maxMessageLength = 4000

/**
 * The last words of a failed run: from the final `Error:` line to the end. Helm 4 writes log lines (`level=WARN …`)
 * into the same stream, of which only the rest without an error line is shown.
 */
export function lastWords(stderr: string, exitCode: number | null): string {
  const text = stderr.trimEnd()
  const start = text.lastIndexOf('\nError: ')
  const words = text.startsWith('Error: ') && start === -1 ? text.slice(7) : start === -1 ? text : text.slice(start + 8)
  const trimmed = words.trim().slice(0, maxMessageLength)
  if (trimmed !== '') return trimmed
  return exitCode === null ? 'helm was ended by a signal' : `helm ended with code ${exitCode} and said nothing`
}

/** Said before anything was attempted, by the reachability test with which every operation of Helm begins. */
export function isUnreachable(message: string): boolean {
  return /kubernetes cluster unreachable/i.test(message)
}

/** `v4.3.1`, `v4.3` (built without release tags), `v3.18.4+gd80839c` → 4, 4, 3; undefined = not one we can speak to. */
export function generationOf(version: string): 3 | 4 | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  if (major === '4') return 4
  return major === '3' && Number(minor) >= 18 ? 3 : undefined
}
