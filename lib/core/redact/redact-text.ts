/** Stands for whatever must not be seen; its length tells nothing. */
export const mask = '••••••••'

/** Shorter values are not looked for: they would also hide ordinary words. */
const minSecretLength = 6

/** What is left of shorter ones inside of base64 could be anything. */
const minInsideLength = 12

/** UTF-16 units kept of one text; what is beyond is cut off and said so. */
export const maxTextLength = 256 * 1024

const patterns: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, mask],
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#@]{1,1000}@/gi, `$1${mask}@`],
  [/\b(authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:basic|bearer|token)\s{1,4})[^\s"',]{1,4000}/gi, `$1${mask}`],
  [/\b(bearer\s{1,4})[A-Za-z0-9._~+/=-]{16,4000}/gi, `$1${mask}`],
  [/\bgh[opsur]_[A-Za-z0-9]{20,255}\b|\bgithub_pat_[A-Za-z0-9_]{20,255}\b|\bglpat-[A-Za-z0-9_-]{16,255}/g, mask],
  [/\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{8,2000}/g, mask],
]

/** A secret as it may appear: plain, by line, as JSON or base64. Longest first, so that no part of a longer one is left. */
function spellings(secrets: Iterable<string>): string[] {
  const all = new Set<string>()
  for (const secret of secrets) {
    const plain = [secret, secret.trim(), ...secret.split('\n').map((line) => line.trim())]
    for (const text of plain) {
      if (text.length < minSecretLength) continue
      const base64 = Buffer.from(text).toString('base64')
      for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), base64]) all.add(form)
      all.add(base64.replace(/=+$/, ''))
      for (const form of insideBase64(text)) all.add(form).add(form.replaceAll('+', '-').replaceAll('/', '_'))
    }
    if (secret.length >= minSecretLength) all.add(Buffer.from(secret).toString('base64'))
  }
  return [...all].sort((a, b) => b.length - a.length)
}

/** As it stands in the base64 of a longer text, such as `user:password`: the characters that no neighbour changes. */
function insideBase64(text: string): string[] {
  if (text.length < minInsideLength) return []
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64')
    return whole.slice(before === 0 ? 0 : 4)
  })
}

/** Masks known secrets and nothing else, without a limit: for whole manifests. */
export function maskSecrets(text: string, knownSecrets: Iterable<string>): string {
  return spellings(knownSecrets).reduce((masked, secret) => masked.replaceAll(secret, mask), text)
}

export type RedactText = (text: string) => string

/** A redactor for many texts with the same known secrets. */
export function textRedactor(knownSecrets: Iterable<string> = []): RedactText {
  const known = spellings(knownSecrets)
  return (text) => {
    const cut = text.length > maxTextLength
    // Cut after masking, with some room, so that a secret across the edge is seen whole.
    let result = cut ? text.slice(0, maxTextLength * 2) : text
    for (const secret of known) result = result.replaceAll(secret, mask)
    for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement)
    return cut ? `${result.slice(0, maxTextLength)}\n… (${text.length - maxTextLength} characters more)` : result
  }
}

/** Masks known secrets and what looks like a credential in any text that leaves: errors, output of programs, messages. */
export function redactText(text: string, knownSecrets: Iterable<string> = []): string {
  return textRedactor(knownSecrets)(text)
}
