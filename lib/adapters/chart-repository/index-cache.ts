import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Validators = z.object({ etag: z.string().optional(), lastModified: z.string().optional() })
/** What asks a server whether its answer changed. */
export type Validators = z.infer<typeof Validators>

export interface CachedIndex {
  validators: Validators
  text: string
}

/** An index on disk: one line of validators, then its text. Half-written or foreign files count as absent. */
export async function readCachedIndex(cacheDir: string, url: URL): Promise<CachedIndex | undefined> {
  const content = await readFile(fileOf(cacheDir, url), 'utf8').catch(() => '')
  const end = content.indexOf('\n')
  if (end < 0) return undefined
  try {
    return { validators: Validators.parse(JSON.parse(content.slice(0, end))), text: content.slice(end + 1) }
  } catch {
    return undefined
  }
}

export async function writeCachedIndex(cacheDir: string, url: URL, index: CachedIndex): Promise<void> {
  const file = fileOf(cacheDir, url)
  await mkdir(join(cacheDir, 'indexes'), { recursive: true, mode: 0o700 })
  const part = `${file}.${randomBytes(6).toString('hex')}.part`
  await writeFile(part, `${JSON.stringify(index.validators)}\n${index.text}`, { mode: 0o600 })
  await rename(part, file)
}

function fileOf(cacheDir: string, url: URL): string {
  return join(cacheDir, 'indexes', createHash('sha256').update(url.href).digest('hex'))
}
