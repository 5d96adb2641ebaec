import { createHmac, randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '#lib/config/config.ts'

/**
 * A key of 32 bytes for one purpose, base64url, derived from the worker key: `WHEELHOUSE_WORKER_KEY`, which all workers of
 * an installation share, else one made at the first start and kept beside the data (mode 0600).
 */
export function workerKey(config: Pick<Config, 'workerKey' | 'dataDir'>, purpose: string): Promise<string> {
  return derived(config.workerKey, join(config.dataDir, 'worker.key'), purpose)
}

/** The same of the web key, `WHEELHOUSE_WEB_KEY`, which all web processes of an installation share. */
export function webKey(config: Pick<Config, 'webKey' | 'dataDir'>, purpose: string): Promise<string> {
  return derived(config.webKey, join(config.dataDir, 'web.key'), purpose)
}

async function derived(given: string | undefined, file: string, purpose: string): Promise<string> {
  return createHmac('sha256', given ?? (await ownKey(file)))
    .update(purpose)
    .digest('base64url')
}

/** Made whole under another name and linked: two starts at once end with one key. */
async function ownKey(file: string): Promise<string> {
  const known = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (known) return known
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  try {
    await link(fresh, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(fresh, { force: true })
  }
  return (await readFile(file, 'utf8')).trim()
}
