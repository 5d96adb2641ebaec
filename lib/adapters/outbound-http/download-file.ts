import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cappedBody, openOutside, type OutboundCall } from './call-outside.ts'

/** The file is there, or a status other than 200 came and nothing was written. */
export type Download = { kind: 'written'; sha256: string } | { kind: 'answered'; status: number; headers: Headers }

/**
 * Streams an answer to `targetFile`, which appears whole or not at all; `accepts` sees the SHA-256 (hex) before.
 * Throws OutboundFailure.
 */
export async function downloadFile(
  call: OutboundCall,
  targetFile: string,
  accepts: (sha256: string) => void,
): Promise<Download> {
  const partFile = `${targetFile}.${randomBytes(6).toString('hex')}.part`
  const headers = { 'accept-encoding': 'identity', ...call.headers }
  try {
    return await openOutside({ ...call, headers }, async (response): Promise<Download> => {
      if (response.status !== 200) return { kind: 'answered', status: response.status, headers: response.headers }
      const hash = createHash('sha256')
      const hashed = async function* () {
        for await (const chunk of cappedBody(response, call.maxBytes)) {
          hash.update(chunk)
          yield chunk
        }
      }
      await pipeline(Readable.from(hashed()), createWriteStream(partFile, { flags: 'wx', mode: 0o600 }))
      const sha256 = hash.digest('hex')
      accepts(sha256)
      await rename(partFile, targetFile)
      return { kind: 'written', sha256 }
    })
  } finally {
    await rm(partFile, { force: true })
  }
}
