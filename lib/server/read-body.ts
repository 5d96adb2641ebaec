import { Fault } from '#lib/core/fault/index.ts'
import { jsonErrorPosition } from './json-error-position.ts'

/** Bytes of a webhook's body. */
export const hookBodyBytes = 1024 * 1024

/** As `readBytes`; throws `invalid` for what is not UTF-8. */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  return decodeBody(await readBytes(request, maxBytes))
}

/** Throws `too-large` before reading where the length is declared, else as soon as the cap is passed. */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new Fault('too-large', `The body is larger than ${maxBytes} bytes.`, { suggestion: 'Send less at once.' })
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  if (!request.body) return Buffer.alloc(0)
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks)
}

/** Throws `invalid` for what is not UTF-8. */
export function decodeBody(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('invalid', 'The body is not UTF-8 text.', { cause })
  }
}

/** JSON of a body; '' = undefined. Throws `invalid` with the place of the first mistake. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    const position = jsonErrorPosition(text)
    const before = text.slice(0, position).split('\n')
    const place = `position ${position} (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`
    throw new Fault('invalid', `The body is not JSON: mistake at ${place}.`, {
      cause,
      suggestion: 'Check quotes, commas and brackets there.',
    })
  }
}
