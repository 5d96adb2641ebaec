/** Keeps the last bytes of a stream; what came before is counted, not kept. */
export class OutputTail {
  readonly #limit: number
  #chunks: Buffer[] = []
  #bytes = 0
  #dropped = 0

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    for (let first = this.#chunks[0]; first !== undefined && this.#bytes > this.#limit; first = this.#chunks[0]) {
      const excess = this.#bytes - this.#limit
      if (first.length <= excess) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(excess)
      this.#bytes -= Math.min(first.length, excess)
      this.#dropped += Math.min(first.length, excess)
    }
  }

  get isCut(): boolean {
    return this.#dropped > 0
  }

  text(): string {
    const kept = Buffer.concat(this.#chunks, this.#bytes).toString('utf8')
    return this.isCut ? `[${this.#dropped} bytes left out]\n${kept}` : kept
  }
}
