import { mask } from './mask.ts'
import { maskKnown } from './mask-known.ts'

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

/** Masks known secrets and nothing else, without a limit: for whole manifests. */
export function maskSecrets(text: string, knownSecrets: Iterable<string>): string {
  return maskKnown(knownSecrets)(text)
}

export type RedactText = (text: string) => string

/** A redactor for many texts with the same known secrets. */
export function textRedactor(knownSecrets: Iterable<string> = []): RedactText {
  const known = maskKnown(knownSecrets)
  return (text) => {
    const cut = text.length > maxTextLength
    // Cut after masking, with some room, so that a secret across the edge is seen whole.
    let result = cut ? text.slice(0, maxTextLength * 2) : text
    result = known(result)
    for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement)
    return cut ? `${result.slice(0, maxTextLength)}\n… (${text.length - maxTextLength} characters more)` : result
  }
}

/** Masks known secrets and what looks like a credential in any text that leaves: errors, output of programs, messages. */
export function redactText(text: string, knownSecrets: Iterable<string> = []): string {
  return textRedactor(knownSecrets)(text)
}
