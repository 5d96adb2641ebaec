import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { startEmbeddedPostgres } from '#lib/adapters/embedded-postgres/index.ts'
import { jsonLog } from '#lib/adapters/log/index.ts'
import { applyMigrations, createStore } from '#lib/adapters/postgres/index.ts'
import { readConfig } from '#lib/config/config.ts'
import type { Config } from '#lib/config/config.ts'
import { withoutCredentials } from '#lib/operations/read/facts.ts'
import type { Log } from '#lib/ports/log.ts'
import type { Store } from '#lib/ports/store/index.ts'
import { buildWebIfStale } from './build-web.ts'
import { startChild } from './child-process.ts'
import { ensureAdminToken, ensurePerson, newSignInLink, ownAdmin } from './first-run.ts'
import { keepAlive } from './kept-alive.ts'
import type { KeptAlive } from './kept-alive.ts'
import { productRoot } from './product-root.ts'
import { untilReady } from './until-ready.ts'

/** What has been started, in order; stopped in reverse. */
type Stops = { name: string; stop(): Promise<void> }[]

/** Database, web and, if wanted, worker; ends with all of it on SIGTERM or Ctrl-C. Throws ConfigError. */
export async function startAll(withWorker: boolean): Promise<void> {
  const config = readConfig(process.env)
  const log = jsonLog({ clock: { now: () => Date.now() }, level: config.logLevel, fields: { process: 'start' } })
  const stops: Stops = []
  let stopping: Promise<void> | undefined
  const stop = (code: number): Promise<void> => (stopping ??= stopAll(stops, log).then(() => process.exit(code)))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
  try {
    await start(config, withWorker && !config.noWorker, stops, log)
  } catch (error) {
    if (stopping) return
    log.error('Wheelhouse could not start', { error })
    await stop(1)
  }
}

/** What a worker makes is soon garbage: a small nursery costs it no time and saves 100 MB of memory. */
const workerFlags = ['--max-semi-space-size=4']

async function start(config: Config, withWorker: boolean, stops: Stops, log: Log): Promise<void> {
  const startedAt = Date.now()
  await mkdir(config.dataDir, { recursive: true })
  const building = buildWebIfStale(log)
  // Its failure is looked at below; until then it must not count as unhandled.
  building.catch(() => undefined)
  const database = await openDatabase(config, stops, log)
  const env = {
    ...process.env,
    DATABASE_URL: database,
    WHEELHOUSE_DATA: config.dataDir,
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    // Reading our TypeScript is two thirds of a worker's start; Node keeps what it made of it here.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(config.dataDir, 'compile-cache'),
  }
  const child = (name: string, file: string, flags: readonly string[] = []): KeptAlive => {
    const own = name === 'web' ? withoutWorkersSecrets(env) : env
    const startIt = () =>
      startChild(process.execPath, [...flags, join(productRoot, file)], { cwd: productRoot, env: own })
    const kept = keepAlive(name, startIt, log)
    stops.push({ name, stop: () => kept.stop(15_000) })
    return kept
  }
  const worker = withWorker && canWork(config, log) ? child('worker', 'workers/main.ts', workerFlags) : undefined
  await building
  const web = child('web', 'lib/wiring/web-main.ts')
  await untilReady(`http://${loopback(config.host)}:${config.port}/api/health/ready`)
  await welcome(config, database, { web: web.pid(), worker: worker?.pid(), start: process.pid }, log)
  log.info('ready', { url: config.webUrl, ms: Date.now() - startedAt })
}

/** What the web process has no use for, it does not have. */
function withoutWorkersSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    WHEELHOUSE_GITHUB_TOKEN: _token,
    WHEELHOUSE_GITHUB_APP_ID: _app,
    WHEELHOUSE_GITHUB_APP_KEY: _key,
    WHEELHOUSE_REPOSITORY: repository,
    ...rest
  } = env
  // It shows the address, and has no use for a password in it.
  return repository === undefined ? rest : { ...rest, WHEELHOUSE_REPOSITORY: withoutCredentials(repository) }
}

/** Without a cluster there is nothing to do; the dashboard still says what is missing. A repository can be connected there. */
function canWork({ kubeconfig }: Config, log: Log): boolean {
  if (kubeconfig === undefined) log.warn('no worker: set WHEELHOUSE_KUBECONFIG and start again')
  return kubeconfig !== undefined
}

async function openDatabase(config: Config, stops: Stops, log: Log): Promise<string> {
  let url = config.databaseUrl
  if (!url) {
    const embedded = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log })
    stops.push({ name: 'database', stop: () => embedded.stop() })
    url = embedded.url
  }
  const applied = await applyMigrations(url)
  if (applied.length > 0) log.info('migrated the database', { applied })
  return url
}

/** A sign-in link to the log, and the bootstrap file for whoever started us. */
async function welcome(
  config: Config,
  database: string,
  pids: Record<string, number | undefined>,
  log: Log,
): Promise<void> {
  const clock = { now: () => Date.now() }
  const store = await createStore({ url: database, log, clock, applicationName: 'wheelhouse-start', poolSize: 1 })
  try {
    const admin = await ownAdmin(store)
    if (admin) log.info('sign in once with this link', { link: await newSignInLink(store, config.webUrl, admin) })
    else log.info('no sign-in link: people administer Wheelhouse')
    if (!config.bootstrapFile) return
    await bootstrap(store, config, config.bootstrapFile, { database, pids })
  } finally {
    await store.close()
  }
}

/** Who starts us with a file wants to come in as each of the roles. */
async function bootstrap(
  store: Store,
  config: Config,
  file: string,
  started: { database: string; pids: Record<string, number | undefined> },
): Promise<void> {
  const admin = await ensurePerson(store, 'admin')
  const [deployer, approver] = [await ensurePerson(store, 'deployer'), await ensurePerson(store, 'approver')]
  const token = await ensureAdminToken(store, config.dataDir, admin)
  const logins = {
    admin: await newSignInLink(store, config.webUrl, admin),
    deployer: await newSignInLink(store, config.webUrl, deployer),
    approver: await newSignInLink(store, config.webUrl, approver),
  }
  await writeWhole(file, JSON.stringify({ web: config.webUrl, token, logins, ...started }, null, 2))
}

/** Readers see the old file or the new one, never half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

async function stopAll(stops: Stops, log: Log): Promise<void> {
  log.info('stopping')
  for (const { name, stop } of stops.toReversed()) {
    await stop().catch((error: unknown) => log.warn('did not stop in order', { part: name, error }))
  }
  log.info('stopped')
}

function loopback(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
