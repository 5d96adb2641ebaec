import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '#demo/world/ports.ts'
import { startEmbeddedPostgres } from '#lib/adapters/embedded-postgres/index.ts'
import { applyMigrations } from '#lib/adapters/postgres/index.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { buildWebIfStale } from '#lib/wiring/build-web.ts'
import { ended, startChild } from '#lib/wiring/child-process.ts'
import { ensureAdminToken, ensurePerson } from '#lib/wiring/first-run.ts'
import { productRoot } from '#lib/wiring/product-root.ts'
import { untilReady } from '#lib/wiring/until-ready.ts'
import { openStoreBeside, silentLog } from '#test/fixtures/test-database.ts'
import type { Context, Stop } from './scenario.ts'

/** The web process without a worker, with a database that keeps what it says. */
export interface WebAlone {
  web: string
  /** Of an administrator. */
  token: string
  pid: number
  /** Its database, as another process sees it. */
  store: Store
  stop: Stop
}

export async function startWebAlone(opened: Context['opened']): Promise<WebAlone> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-bench-'))
  await buildWebIfStale(silentLog)
  const database = await startEmbeddedPostgres({ dataDir: join(dataDir, 'database'), log: silentLog })
  await applyMigrations(database.url)
  const port = await findFreePort()
  const web = `http://127.0.0.1:${port}`
  const child = startChild(process.execPath, ['lib/wiring/web-main.ts'], {
    cwd: productRoot,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      PORT: String(port),
      WHEELHOUSE_DATA: dataDir,
      WHEELHOUSE_REPOSITORY: 'https://github.com/acme/fleet.git',
    },
    stdio: 'ignore',
  })
  const store = await openStoreBeside(database.url, 'wheelhouse-bench')
  const stop = opened(async () => {
    child.kill('SIGTERM')
    await ended(child)
    await store.close()
    await database.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  await untilReady(`${web}/api/health/ready`)
  const token = await ensureAdminToken(store, dataDir, await ensurePerson(store, 'admin'))
  return { web, token, pid: child.pid ?? 0, store, stop }
}
