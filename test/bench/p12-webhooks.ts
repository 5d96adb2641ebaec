import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '#demo/world/ports.ts'
import { startEmbeddedPostgres } from '#lib/adapters/embedded-postgres/index.ts'
import { applyMigrations } from '#lib/adapters/postgres/index.ts'
import { buildWebIfStale } from '#lib/wiring/build-web.ts'
import { ended, startChild } from '#lib/wiring/child-process.ts'
import { ensureAdminToken, ensurePerson } from '#lib/wiring/first-run.ts'
import { productRoot } from '#lib/wiring/product-root.ts'
import { untilReady } from '#lib/wiring/until-ready.ts'
import { openStoreBeside, silentLog } from '#test/fixtures/test-database.ts'
import { sendEndless, sendPushes, type Target } from './p12-load.ts'
import { processFacts } from './processes.ts'
import type { Context, Figures } from './scenario.ts'
import { percentile, rounded, summary } from './statistics.ts'

const perSecond = 200
const seconds = 20
const targetMs = 100
const targetMiB = 5
const endlessBytes = 1024 * 1024 * 1024

/** The web process alone, with a database that keeps what it says: deliveries of 20 KB, then a body of 1 GB. */
export async function measureWebhooks({ options, opened }: Context): Promise<Figures> {
  const { target, pid, count, stop } = await startWeb(opened)
  try {
    await sendPushes(target, { perSecond, count: perSecond, name: 'warm' })
    const unsigned = []
    for (let round = 0; round < 3; round++) unsigned.push(await sendEndless(target.url, pid, endlessBytes))
    options.log(`unsigned: ${JSON.stringify(unsigned)}`)
    const sent = perSecond * seconds
    const before = (await processFacts(pid))?.cpuSeconds ?? 0
    const answers = await sendPushes(target, { perSecond, count: sent, name: 'push' })
    const acknowledged = answers.filter(({ status }) => status === 202).length
    const cpuMs = (((await processFacts(pid))?.cpuSeconds ?? 0) - before) * 1000
    const kept = (await count()) - perSecond
    const times = answers.map(({ ms }) => ms)
    const figure = percentile(times, 0.99)
    // The first one brings in what a refusal needs; it counts too.
    const growthMiB = Math.max(...unsigned.map((one) => one.growthMiB))
    return {
      figure: rounded(figure, 1),
      unit: 'ms',
      baseline: null,
      ratio: null,
      target: '200/s × 20 KB: acknowledged p99 ≤100 ms, none lost; 1 GB unsigned: RSS +≤5 MB',
      met: figure <= targetMs && acknowledged === sent && kept === sent && growthMiB <= targetMiB,
      details: {
        sent,
        acknowledged,
        kept,
        times: summary(times),
        cpuMsEach: rounded(cpuMs / sent),
        growthMiB: rounded(growthMiB, 1),
        unsigned,
      },
    }
  } finally {
    await stop()
  }
}

async function startWeb(opened: Context['opened']) {
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
  const count = async (): Promise<number> => {
    let [found, after]: [number, string | undefined] = [0, undefined]
    do {
      const page = await store.listHookDeliveries({ limit: 500, ...(after === undefined ? {} : { after }) })
      found += page.items.filter(({ verdict }) => verdict.kind === 'handled').length
      after = page.next
    } while (after !== undefined)
    return found
  }
  return { target: await makeHook(web, token), pid: child.pid ?? 0, count, stop }
}

async function makeHook(web: string, token: string): Promise<Target> {
  const response = await fetch(`${web}/api/v1/webhooks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'github', name: 'bench' }),
  })
  const { webhook, secret } = (await response.json()) as { webhook: { url: string }; secret: string }
  return { url: webhook.url, secret }
}
