import { createHash } from 'node:crypto'
import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '#lib/ports/log.ts'
import { productRoot } from './product-root.ts'
import { runChild } from './child-process.ts'

/** What the build is made of; tests and the worker are not in it. */
const sources = [
  'app',
  'components',
  'lib',
  'public',
  'proxy.ts',
  'next.config.mjs',
  'postcss.config.mjs',
  'package.json',
]

/** Runs `next build` when there is no build yet or it was made from other sources. */
export async function buildWebIfStale(log: Log): Promise<void> {
  const stamp = join(productRoot, '.next', 'wheelhouse-sources')
  const digest = await digestOfSources()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest && (await exists(join(productRoot, '.next/BUILD_ID'))))
    return
  const started = Date.now()
  log.info('building the pages')
  const next = join(productRoot, 'node_modules/next/dist/bin/next')
  await runChild(process.execPath, [next, 'build'], {
    cwd: productRoot,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  await writeFile(stamp, digest)
  log.info('built the pages', { ms: Date.now() - started })
}

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of sources) {
    for (const file of await filesBelow(join(productRoot, source))) {
      hash.update(file.slice(productRoot.length))
      hash.update(await readFile(file))
    }
  }
  return hash.digest('hex')
}

/** Absolute paths in order; a file gives itself, nothing gives none. */
async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
  if (!entries) return (await exists(path)) ? [path] : []
  const names = entries.filter(({ name }) => !/\.test\.tsx?$/.test(name)).map(({ name }) => name)
  const found = await Promise.all(names.sort().map((name) => filesBelow(join(path, name))))
  return found.flat()
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
