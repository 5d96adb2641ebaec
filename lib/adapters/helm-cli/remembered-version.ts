import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { HelmHome } from './job-directory.ts'

const Remembered = z.object({ program: z.string(), text: z.string() })

/**
 * What the program says of its version, asked once for each program file and kept beside Helm's caches: a start of the
 * worker then needs no helm at all. A script may start this helm today and that one tomorrow, so it is asked every time.
 */
export async function rememberedVersion(
  { root }: Pick<HelmHome, 'root'>,
  binary: string,
  ask: () => Promise<string>,
): Promise<string> {
  const program = await identityOf(binary)
  if (program === undefined) return ask()
  const file = join(root, 'version.json')
  const known = Remembered.safeParse(await readJson(file)).data
  if (known?.program === program) return known.text
  const text = await ask()
  if (text !== '')
    await writeFile(file, JSON.stringify({ program, text } satisfies z.infer<typeof Remembered>), { mode: 0o600 })
  return text
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Changes with the file; undefined for a script, and for what cannot be read. */
async function identityOf(binary: string): Promise<string | undefined> {
  const file = await open(binary).catch(() => undefined)
  if (!file) return undefined
  try {
    const { ino, size, mtimeMs } = await file.stat()
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return buffer.toString('latin1') === '#!' ? undefined : [binary, ino, size, mtimeMs].join(' ')
  } finally {
    await file.close()
  }
}
