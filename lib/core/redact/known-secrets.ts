import { KnownForms } from './mask-known.ts'

/** Values kept of one owner; who changes a Secret more often than that has other troubles. */
const maxPerOwner = 2_000
const plainWord = /^[a-z]+(?:[._-][a-z]+)*$/i

/** A value of letters alone is as likely a name (`production`, `podinfo-tls`) as a password. */
export const isPlainWord = (value: string): boolean => plainWord.test(value)

/** Values that must not be seen, by whom they were met with (a release id, `config`). Belongs to one process. */
export class KnownSecrets {
  readonly #byOwner = new Map<string, Set<string>>()
  /** Of all that were ever met with: whatever is forgotten stays unseen. */
  readonly #forms = new KnownForms()
  #everywhere: readonly string[] | undefined

  /** Those of before stay: revisions and messages still hold what a Secret held before it was changed. */
  add(owner: string, values: Iterable<string>): void {
    const known = this.#byOwner.get(owner) ?? new Set()
    const before = known.size
    for (const value of values) {
      if (known.has(value)) continue
      known.add(value)
      if (!isPlainWord(value)) this.#forms.add(value)
    }
    for (const oldest of known) {
      if (known.size <= maxPerOwner) break
      known.delete(oldest)
    }
    if (known.size !== before) this.#everywhere = undefined
    this.#byOwner.set(owner, known)
  }

  /** False = nobody has looked yet which it has. */
  has(owner: string): boolean {
    return this.#byOwner.has(owner)
  }

  /** All of one owner, for what is said of that owner. */
  of(owner: string): readonly string[] {
    return [...(this.#byOwner.get(owner) ?? [])]
  }

  /** Of all owners, for what is said of anything: without plain words, which would be missing in texts about others. */
  everywhere(): readonly string[] {
    if (!this.#everywhere) {
      const all = new Set([...this.#byOwner.values()].flatMap((known) => [...known]))
      this.#everywhere = [...all].filter((value) => !isPlainWord(value))
      this.#forms.standFor(this.#everywhere)
    }
    return this.#everywhere
  }
}
