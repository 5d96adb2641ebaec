/** Cuts a byte stream into lines. */
export interface LineSplitter {
  push(chunk: Buffer): void
}

/**
 * Calls `onLine` for each complete line without its newline; empty lines are left out. A long line is joined once,
 * when its end arrives, so cost stays linear however small the chunks are. Throws when a line exceeds `maxBytes`.
 */
export function createLineSplitter(onLine: (line: string) => void, maxBytes: number): LineSplitter {
  let pending: Buffer[] = []
  let pendingBytes = 0

  const take = (tail: Buffer): string => {
    if (pendingBytes === 0) return tail.toString('utf8')
    pending.push(tail)
    const line = Buffer.concat(pending, pendingBytes + tail.length).toString('utf8')
    pending = []
    pendingBytes = 0
    return line
  }

  return {
    push(chunk) {
      let start = 0
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        const line = take(chunk.subarray(start, end))
        start = end + 1
        if (line !== '') onLine(line)
      }
      if (start === chunk.length) return
      pending.push(chunk.subarray(start))
      pendingBytes += chunk.length - start
      if (pendingBytes > maxBytes) throw new Error(`a line of the stream is longer than ${maxBytes} bytes`)
    },
  }
}
