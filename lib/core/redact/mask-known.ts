import { mask } from './mask.ts'

/** Shorter values are not looked for: they would also hide ordinary words. */
const minSecretLength = 6

/** What is left of shorter ones inside of base64 could be anything. */
const minInsideLength = 12

export type MaskKnown = (text: string) => string

/** By the list itself: those of a whole installation are asked for with every line of the log. */
const made = new WeakMap<object, MaskKnown>()

/** Masks these values, however they may be spelled. */
export function maskKnown(secrets: Iterable<string>): MaskKnown {
  const known = made.get(secrets)
  if (known) return known
  const forms = [...secrets].flatMap(spellings).sort((a, b) => b.length - a.length)
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, mask), text)
}

/** Very many values, to which more come: each place of a text is looked at once, however many there are. */
export class KnownForms {
  readonly #byStart = new Map<string, Set<string>>()

  add(secret: string): void {
    for (const form of spellings(secret)) {
      const start = form.slice(0, minSecretLength)
      const forms = this.#byStart.get(start) ?? new Set()
      this.#byStart.set(start, forms.add(form))
    }
  }

  /** From then on `maskKnown` of this very list masks what is known here. */
  standFor(list: readonly string[]): void {
    made.set(list, (text) => this.#mask(text))
  }

  /** Everything that any of them covers is masked, also where they overlap. */
  #mask(text: string): string {
    const parts: string[] = []
    let [kept, start, end] = [0, -1, -1]
    const close = () => {
      if (start < 0) return
      parts.push(text.slice(kept, start), mask)
      kept = end
    }
    for (let at = 0; at + minSecretLength <= text.length; at += 1) {
      const length = this.#lengthAt(text, at)
      if (length === 0) continue
      if (at >= end) {
        close()
        start = at
      }
      end = Math.max(end, at + length)
    }
    close()
    return parts.length === 0 ? text : parts.join('') + text.slice(kept)
  }

  /** Of the longest that begins there; 0 = none does. */
  #lengthAt(text: string, at: number): number {
    let longest = 0
    for (const form of this.#byStart.get(text.slice(at, at + minSecretLength)) ?? [])
      if (form.length > longest && text.startsWith(form, at)) longest = form.length
    return longest
  }
}

/** A secret as it may appear: plain, by line, as JSON or base64. */
function spellings(secret: string): string[] {
  const all = new Set<string>()
  const plain = [secret, secret.trim(), ...secret.split('\n').map((line) => line.trim())]
  for (const text of plain) {
    if (text.length < minSecretLength) continue
    const base64 = Buffer.from(text).toString('base64')
    for (const form of [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), base64]) all.add(form)
    all.add(base64.replace(/=+$/, ''))
    for (const form of insideBase64(text)) all.add(form).add(form.replaceAll('+', '-').replaceAll('/', '_'))
  }
  if (secret.length >= minSecretLength) all.add(Buffer.from(secret).toString('base64'))
  return [...all]
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
