import { createHash } from 'node:crypto'
import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '#lib/ports/log.ts'
import { holdLock } from './hold-lock.ts'
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

const buildIdFile = join(productRoot, '.next/BUILD_ID')
const stampFile = join(productRoot, '.next/wheelhouse-sources')

/** Runs `next build` when there is no build yet or it was made from other sources. Two starts at once build once. */
export async function buildWebIfStale(log: Log): Promise<void> {
  const digest = await digestOfSources()
  if (await isBuiltFrom(digest)) return
  await holdLock(join(productRoot, '.wheelhouse/build.lock'), async () => {
    if (!(await isBuiltFrom(digest))) await build(digest, log)
  })
}

async function isBuiltFrom(digest: string): Promise<boolean> {
  return (await readFile(stampFile, 'utf8').catch(() => '')) === digest && (await exists(buildIdFile))
}

async function build(digest: string, log: Log): Promise<void> {
  const started = Date.now()
  log.info('building the pages')
  const next = join(productRoot, 'node_modules/next/dist/bin/next')
  await runChild(process.execPath, [next, 'build'], {
    cwd: productRoot,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  await writeFile(stampFile, digest)
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
