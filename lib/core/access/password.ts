/** Characters; the upper bound keeps hashing cheap. */
export const passwordLength = { least: 12, most: 256 } as const

/** Fewer different characters than this are a pattern, not a password. */
const leastDifferent = 5

/** What is wrong with a password somebody wants to have, as a sentence; undefined = it will do (NIST SP 800-63B §3.1.1). */
export function passwordProblem(password: string, owner: { email: string; name: string }): string | undefined {
  const length = [...password].length
  if (length < passwordLength.least) return `A password has at least ${passwordLength.least} characters.`
  if (length > passwordLength.most) return `A password has at most ${passwordLength.most} characters.`
  if (new Set(password).size < leastDifferent) return 'This password is the same few characters over and over.'
  const rest = without(password, [owner.email, owner.email.split('@')[0] ?? '', owner.name])
  return [...rest].length < passwordLength.least / 2 ? 'This password is mostly your own name or address.' : undefined
}

/** The text without any of these words of three letters or more, whatever their case. */
function without(text: string, words: readonly string[]): string {
  let left = text.toLowerCase()
  for (const word of words) if (word.length > 2) left = left.replaceAll(word.toLowerCase(), '')
  return left
}
