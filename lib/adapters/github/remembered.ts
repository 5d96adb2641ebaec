const maxEntries = 200

/** Thrown instead of an answer: nothing changed (304). */
export class NotModified extends Error {}

interface Reply {
  data: unknown
  headers: { etag?: string }
}

/** Answers by question, for conditional requests (RFC 9110 §13.1.2): GitHub counts a 304 as free. */
export class Remembered {
  readonly #answers = new Map<string, { etag: string; data: unknown }>()

  async ask(question: string, send: (condition: Record<string, string>) => Promise<Reply>): Promise<unknown> {
    const known = this.#answers.get(question)
    try {
      const { data, headers } = await send(known ? { 'if-none-match': known.etag } : {})
      this.#answers.delete(question)
      if (headers.etag !== undefined) this.#answers.set(question, { etag: headers.etag, data })
      const oldest = this.#answers.keys().next().value
      if (this.#answers.size > maxEntries && oldest !== undefined) this.#answers.delete(oldest)
      return data
    } catch (error) {
      if (known && error instanceof NotModified) return known.data
      throw error
    }
  }
}
