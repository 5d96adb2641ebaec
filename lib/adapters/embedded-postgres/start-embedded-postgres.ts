import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../../core/fault/index.ts'
import type { Log } from '../../ports/log.ts'
import { findBinaries } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { findRunningServer, untilAnswering, untilStopped } from './running-server.ts'
import { serverAccount, serverOwner } from './server-account.ts'
import type { Account } from './server-account.ts'

export interface EmbeddedPostgresOptions {
  /** Created if missing; holds the cluster, the password (0600), the port and the server's own log. */
  dataDir: string
  /** Absent = the one of the last start, else a free one. */
  port?: number
  log: Log
  /** Only for tests: faster, and a crash of the machine loses data. */
  durable?: boolean
}

export interface EmbeddedPostgres {
  /** Contains the password: not for logs. */
  url: string
  pid: number
  /** Ends connections, writes everything to disk, and resolves when the server has gone. */
  stop(): Promise<void>
}

const startTimeoutMs = 60_000
const stopTimeoutMs = 30_000

/**
 * Starts PostgreSQL on `dataDir`, or joins the server that already runs there. It listens on loopback only and outlives
 * this process if that is killed: the next start finds it. Throws Fault `unavailable` with the end of the server's log.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = resolve(options.dataDir)
  const cluster = join(home, 'cluster')
  await mkdir(home, { recursive: true, mode: 0o711 })
  const password = await readPassword(home)
  const started = Date.now()
  const joined = await joinServer(cluster, password)
  if (joined) {
    options.log.info('joined the embedded database', { pid: joined.pid })
    return joined
  }
  const binaries = await findBinaries()
  const account = await serverAccount([binaries.postgres, cluster])
  if (!(await isInitialised(home, cluster))) await initialise(home, cluster, binaries, account, password)
  // Nobody runs here: a lock whose pid now belongs to another program would keep the server from starting.
  await rm(join(cluster, 'postmaster.pid'), { force: true })
  const port = await choosePort(home, options.port)
  const server = await launch(home, cluster, binaries, account, port, password, options.durable ?? true)
  options.log.info('started the embedded database', { pid: server.pid, port, ms: Date.now() - started })
  return server
}

const urlOf = (port: number, password: string): string =>
  `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`

async function readPassword(home: string): Promise<string> {
  const file = join(home, 'password')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    const password = randomBytes(24).toString('base64url')
    await writeFile(file, password, { mode: 0o600, flag: 'wx' })
    return password
  }
}

async function joinServer(cluster: string, password: string): Promise<EmbeddedPostgres | undefined> {
  const running = await findRunningServer(cluster)
  if (!running) return undefined
  if (running.state === 'stopping') {
    await untilStopped(cluster, stopTimeoutMs)
    return undefined
  }
  const { pid, port } = running
  const url = urlOf(port, password)
  let gone = false
  const watch = setInterval(() => void findRunningServer(cluster).then((server) => (gone = !server)), 500)
  try {
    await untilAnswering(url, () => gone, startTimeoutMs)
  } catch (error) {
    if (gone) return undefined
    throw new Fault('unavailable', `A PostgreSQL server (pid ${pid}) holds the data directory but does not answer.`, {
      cause: error,
      suggestion: `End process ${pid} and start again.`,
    })
  } finally {
    clearInterval(watch)
  }
  return { url, pid, stop: () => stopServer(cluster, pid) }
}

/** `initialised` is written last: a first start that was interrupted begins anew. */
async function isInitialised(home: string, cluster: string): Promise<boolean> {
  try {
    await access(join(home, 'initialised'))
    await access(join(cluster, 'global'))
    return true
  } catch {
    return false
  }
}

async function initialise(
  home: string,
  cluster: string,
  binaries: Binaries,
  account: Account,
  password: string,
): Promise<void> {
  await rm(cluster, { recursive: true, force: true })
  await mkdir(cluster, { mode: 0o700 })
  const passwordFile = join(home, 'initial-password')
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const owner = await serverOwner()
  if (owner) {
    await chown(cluster, owner.uid, owner.gid)
    await chown(passwordFile, owner.uid, owner.gid)
  }
  const args = ['--pgdata', cluster, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256']
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  try {
    await runToEnd([...account.prefix, binaries.initdb, ...args, ...locale, '--no-sync'], account)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await writeFile(join(home, 'initialised'), '')
}

async function runToEnd(words: string[], account: Account): Promise<void> {
  const [program = '', ...args] = words
  const { uid, gid } = account
  const child = spawn(program, args, { uid, gid, stdio: ['ignore', 'ignore', 'pipe'], env: serverEnvironment() })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-2000)))
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done))
  if (code !== 0) throw new Fault('unavailable', `The database could not be set up: ${text.trim()}`)
}

/** Next declares NODE_ENV as always there; the server must not have it. */
const serverEnvironment = () =>
  ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }) as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv

async function choosePort(home: string, wanted: number | undefined): Promise<number> {
  const file = join(home, 'port')
  const remembered = await readFile(file, 'utf8').then(Number, () => 0)
  const first = wanted ?? remembered
  const port = first > 0 && (wanted !== undefined || (await isFree(first))) ? first : await isFree(0)
  if (!port) throw new Fault('unavailable', 'No free port was found on the loopback address.', { retryable: true })
  if (port !== remembered) await writeFile(file, String(port))
  return port
}

/** The port itself, or for 0 any free one; 0 = taken. */
async function isFree(port: number): Promise<number> {
  const probe = createServer()
  return new Promise((done) => {
    probe.once('error', () => done(0))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function serverSettings(port: number, durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: 60,
    jit: 'off',
    autovacuum: 'on',
    max_wal_size: '512MB',
    work_mem: '8MB',
    timezone: 'UTC',
    io_method: 'sync',
    autovacuum_naptime: '60s',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function launch(
  home: string,
  cluster: string,
  binaries: Binaries,
  account: Account,
  port: number,
  password: string,
  durable: boolean,
): Promise<EmbeddedPostgres> {
  const logFile = join(home, 'postgres.log')
  const output = await open(logFile, 'w', 0o600)
  const [program = '', ...args] = [
    ...account.prefix,
    binaries.postgres,
    '-D',
    cluster,
    ...serverSettings(port, durable),
  ]
  // Its own session: a Ctrl-C in the terminal must reach us alone, so that work can be finished before the database goes.
  const child = spawn(program, args, {
    uid: account.uid,
    gid: account.gid,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
    env: serverEnvironment(),
  })
  let ended: string | undefined
  child.on('error', (error) => (ended = error.message)).on('exit', (code) => (ended = `ended with ${code}`))
  child.unref()
  await output.close()
  const url = urlOf(port, password)
  try {
    await untilAnswering(url, () => ended !== undefined, startTimeoutMs)
  } catch (error) {
    child.kill('SIGINT')
    const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-5)
    throw new Fault('unavailable', `The database did not start (${ended ?? 'no answer'}): ${lines.join(' ')}`, {
      cause: error,
      suggestion: `Read ${logFile}.`,
    })
  }
  const pid = child.pid ?? 0
  return { url, pid, stop: () => stopServer(cluster, pid) }
}

/** SIGINT = fast shutdown: open transactions are rolled back, everything committed is on disk. */
async function stopServer(cluster: string, pid: number): Promise<void> {
  const running = await findRunningServer(cluster)
  if (running?.pid !== pid) return
  signal(pid, 'SIGINT')
  if (await untilStopped(cluster, stopTimeoutMs)) return
  // Immediate shutdown; the log is replayed at the next start.
  signal(pid, 'SIGQUIT')
  await untilStopped(cluster, stopTimeoutMs)
  await delay(0)
}

function signal(pid: number, name: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
