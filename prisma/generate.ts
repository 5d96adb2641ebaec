import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const schema = join(root, 'prisma/schema.prisma')
const output = join(root, 'lib/adapters/postgres/generated')
const stamp = join(output, 'stamp')
const require = createRequire(import.meta.url)

/** Changes with the schema and with Prisma's version. */
const wanted = createHash('sha256')
  .update(readFileSync(schema))
  .update(readFileSync(require.resolve('prisma/package.json')))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const cli = join(dirname(require.resolve('prisma/package.json')), 'build/index.js')
  const run = spawnSync(process.execPath, [cli, 'generate', '--schema', schema, '--no-hints'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    // Generating needs no schema engine, yet Prisma would download one: the path of any program keeps it from trying.
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
  if (run.status !== 0) throw new Error(`prisma generate ended with ${run.status ?? run.signal}`)
  writeFileSync(stamp, wanted)
}
