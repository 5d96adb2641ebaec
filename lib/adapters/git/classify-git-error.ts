import { Fault } from '#lib/core/fault/index.ts'
import { lastWords } from './run-git.ts'

/** Words of Git and of Git hosts that mean "you may not", as opposed to "cannot be reached". LC_ALL=C. */
const refusals: readonly RegExp[] = [
  /authentication failed/i,
  /could not read (username|password)/i,
  /terminal prompts disabled/i,
  /invalid (username|credentials)/i,
  /permission denied/i,
  /permission to .* denied/i,
  /access denied/i,
  /write access to repository not granted/i,
  /marked as read only/i,
  /does not have write access/i,
  /not allowed to push/i,
  /host key verification failed/i,
  /requested url returned error: 40[1345]/i,
  /repository '?[^\n]*'? ?not found/i,
  /dubious ownership/i,
]

/** Whether Git was turned away by the other side, which only a person can mend. */
export function isRefusal(stderr: string): boolean {
  return refusals.some((pattern) => pattern.test(stderr))
}

/** What ssh says of a host that shows another key than the one that is trusted; undefined = it is not about that. */
function wrongHostKey(stderr: string): string | undefined {
  if (!/host key verification failed|host identification has changed/i.test(stderr)) return undefined
  const shown = /(SHA256:[A-Za-z0-9+/]{43})/.exec(stderr)?.[1]
  return `The Git host does not prove itself with the key that is trusted${shown ? `: it shows ${shown}` : ''}. Nothing was sent to it.`
}

/** Fault for a fetch, a listing or a push that failed for what `stderr` tells. */
export function gitFault(what: string, stderr: string): Fault {
  const hostKey = wrongHostKey(stderr)
  if (hostKey !== undefined) {
    return new Fault('git-refused', hostKey, {
      suggestion: 'Compare the fingerprint with what the host publishes, then pin the new key in Settings, Repository.',
    })
  }
  const message = `${what}: ${lastWords(stderr)}`
  if (/redirect|requested url returned error: 30\d/i.test(stderr)) {
    return new Fault('git-refused', message, { suggestion: 'Enter the address the Git host redirects to.' })
  }
  if (/permission denied \(publickey/i.test(stderr)) {
    return new Fault('git-refused', message, {
      suggestion: 'Enter the deploy key of Settings, Repository at the Git host, with write access.',
    })
  }
  if (isRefusal(stderr)) {
    return new Fault('git-refused', message, { suggestion: 'Check the address and the credentials of the repository.' })
  }
  return new Fault('git-unreachable', message, {
    retryable: true,
    suggestion: 'Check that the Git host can be reached from the worker.',
  })
}

/** A ref lock left by a Git child that was killed. */
export function isStaleLock(stderr: string): boolean {
  return /unable to create '[^']*\.lock': file exists/i.test(stderr)
}

/** The mirror itself is damaged (a disk that was full, a machine that lost power): it can be made anew. */
export function isCorrupt(stderr: string): boolean {
  return /object file .* is empty|loose object .* is corrupt|packfile .* (cannot be accessed|is corrupt)|bad object refs\/|unable to read (tree|sha1 file)|not a git repository: /i.test(
    stderr,
  )
}

/** Words of Git hosts (GH006, GH013, GitLab) that mean: by pull request alone. */
export function isProtection(words: string): boolean {
  return /protected branch|rule violations|GH006|GH013|through a pull request/i.test(words)
}

export type PushAnswer =
  | { kind: 'pushed' }
  | { kind: 'moved' }
  | { kind: 'protected'; reason: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'failed' }

/** Reasons in a push's answer that mean: someone else was there first. */
const movedReasons =
  /stale info|fetch first|non-fast-forward|failed to update ref|incorrect old value|cannot lock ref|reference already exists|is at [0-9a-f]+ but expected|needs force/i

/** Reads `git push --porcelain` for one branch. */
export function readPush(code: number, stdout: string, stderr: string): PushAnswer {
  const line = stdout.split('\n').find((candidate) => /^[ +\-*!=]\t/.test(candidate))
  if (line?.startsWith('!')) {
    const summary = line.split('\t')[2] ?? ''
    if (movedReasons.test(summary)) return { kind: 'moved' }
    const reason = reasonOf(summary, stderr)
    return { kind: isProtection(reason) ? 'protected' : 'refused', reason }
  }
  if (code === 0 && line !== undefined) return { kind: 'pushed' }
  if (isRefusal(stderr)) return { kind: 'refused', reason: wrongHostKey(stderr) ?? lastWords(stderr) }
  return { kind: 'failed' }
}

/** The host's own words (`remote: …` lines) beside Git's summary, at most 500 characters. */
function reasonOf(summary: string, stderr: string): string {
  const remote = stderr
    .split('\n')
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.slice('remote:'.length).trim())
    .filter((line) => line !== '')
  const reason = /\(([^)]*)\)\s*$/.exec(summary)?.[1] ?? summary
  return [reason, ...remote].join(' · ').slice(0, 500)
}
