import { availableParallelism, hostname } from 'node:os'
import { jsonLog } from '#lib/adapters/log/index.ts'
import { childIdentity, isAlive } from '#lib/adapters/helm-cli/index.ts'
import { readConfig, type Config } from '#lib/config/config.ts'
import type { Log } from '#lib/ports/log.ts'
import type { ChildIdentity } from '#lib/ports/helm.ts'
import { connectWorker, wireWorker, type WorkerConnection } from '#lib/wiring/worker.ts'
import { holdLease } from './lease-holder.ts'
import { startLoops } from './loops.ts'
import { loadMemory } from './load-memory.ts'

/** `host/pid/start time`: enough to prove on the same host that a holder is gone. */
const holderText = (identity: ChildIdentity) => `${identity.host}/${identity.pid}/${identity.startTime}`

function proveDead(holder: string): boolean {
  const [host = '', pid = '', startTime = ''] = holder.split('/')
  if (host !== hostname()) return false
  return isAlive({ host, pid: Number(pid), startTime }) === false
}

/** Takes the lease, runs the loops until it is lost or the process is told to stop, and takes it again. */
async function serve(
  config: Config & { repository: string; kubeconfig: string },
  connection: WorkerConnection,
  log: Log,
) {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  const holder = holderText(await childIdentity(process.pid))
  while (!stopping.signal.aborted) {
    const lease = await holdLease({
      ...connection,
      name: `cluster:${config.clusterName}`,
      holder,
      log,
      signal: stopping.signal,
      proveDead,
    })
    if (!lease) break
    const deps = await wireWorker(config, connection, lease, log.with({ epoch: lease.epoch }))
    await loadMemory(deps)
    const loops = startLoops(deps, { cores: availableParallelism() })
    log.info('worker ready', { epoch: lease.epoch })
    await Promise.race([lease.lost, aborted(stopping.signal)])
    await loops.stop()
    await deps.close()
    await lease.giveBack().catch(() => {})
  }
  await connection.wakeups.close()
  await connection.store.close()
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function main() {
  const config = readConfig(process.env)
  const log = jsonLog({ level: config.logLevel, clock: { now: () => Date.now() } }).with({ process: 'worker' })
  const { repository, kubeconfig, databaseUrl } = config
  if (!repository || !kubeconfig || !databaseUrl) {
    log.error('worker not configured', {
      needed: 'DATABASE_URL, WHEELHOUSE_REPOSITORY and WHEELHOUSE_KUBECONFIG',
    })
    process.exitCode = 1
    return
  }
  await serve({ ...config, repository, kubeconfig }, await connectWorker(config, databaseUrl, log), log)
}

await main()
