import type { CommitInfo } from '#lib/ports/config-repository.ts'

/** Reads a raw commit object. Text in another encoding than UTF-8 is converted where the object names it. */
export function parseCommit(id: string, raw: Buffer): CommitInfo {
  const split = raw.indexOf('\n\n')
  const headEnd = split < 0 ? raw.length : split
  const encoding = /^encoding (\S+)$/m.exec(raw.subarray(0, headEnd).toString('latin1'))?.[1] ?? 'utf-8'
  const head = decode(raw.subarray(0, headEnd), encoding).split('\n')
  const message = split < 0 ? '' : decode(raw.subarray(split + 2), encoding)
  const author = parsePerson(valueOf(head, 'author'))
  return {
    id,
    parents: head.filter((line) => line.startsWith('parent ')).map((line) => line.slice('parent '.length)),
    authorName: author.name,
    authorEmail: author.email,
    authoredAt: author.at,
    committedAt: parsePerson(valueOf(head, 'committer')).at,
    subject: subjectOf(message),
    message,
    trailers: parseTrailers(message),
  }
}

/**
 * The `Key: value` lines of the last paragraph, folded lines joined. As Git does: the paragraph counts when all its
 * lines are trailers, or when a quarter are and one was written by Git itself; the subject never counts.
 */
export function parseTrailers(message: string): { key: string; value: string }[] {
  const paragraphs = message.trimEnd().split(/\n[ \t]*\n/)
  const last = paragraphs.length > 1 ? (paragraphs.at(-1) ?? '') : ''
  const found: { key: string; value: string }[] = []
  let others = 0
  let own = false
  for (const line of last.split('\n')) {
    const match = /^([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$/.exec(line)
    const before = found.at(-1)
    if (match) found.push({ key: String(match[1]), value: String(match[2]).trim() })
    else if (/^[ \t]/.test(line) && before) before.value = `${before.value} ${line.trim()}`
    else if (line.startsWith('(cherry picked from commit ')) own = true
    else if (line !== '') others += 1
    if (line.startsWith('Signed-off-by: ')) own = true
  }
  const counts = others === 0 || (own && found.length * 3 >= others)
  return counts ? found : []
}

function subjectOf(message: string): string {
  const first = message.trimStart().split(/\n[ \t]*\n/)[0] ?? ''
  return first.trim().replaceAll(/\s*\n\s*/g, ' ')
}

function valueOf(head: readonly string[], key: string): string {
  return head.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? ''
}

/** `Name <email> 1541414141 +0100`; a time that is not a number is 0. */
function parsePerson(text: string): { name: string; email: string; at: number } {
  const match = /^(.*?)\s*<([^>]*)>\s*(-?\d+)?/.exec(text)
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', at: Number(match?.[3] ?? 0) * 1000 }
}

function decode(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}
