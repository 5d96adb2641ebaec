import { flushCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import { readConfig, type Config } from '#lib/config/config.ts'
import { sealingKey } from '#lib/core/credential/index.ts'
import { ensureDeployKey } from '#lib/operations/work/deploy-keys.ts'
import { sealingKeyFact } from '#lib/operations/request/seal-for-worker.ts'
import type { Log } from '#lib/ports/log.ts'
import { isHolderDead, processHolder } from '#lib/wiring/process-holder.ts'
import { connectWorker, wireWorker, workerLog, type WorkerConnection } from '#lib/wiring/worker.ts'
import { holdLease } from './lease-holder.ts'
import { startLoops } from './loops.ts'
import { loadMemory } from './load-memory.ts'

/** Takes the lease, runs the loops until it is lost or the process is told to stop, and takes it again. */
async function serve(
  config: Config & { repository: string; kubeconfig: string },
  connection: WorkerConnection,
  log: Log,
) {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  while (!stopping.signal.aborted) {
    const lease = await holdLease({
      ...connection,
      name: `cluster:${config.clusterName}`,
      holder: processHolder(),
      log,
      signal: stopping.signal,
      proveDead: isHolderDead,
    })
    if (!lease) break
    const deps = await wireWorker(config, connection, lease, log.with({ epoch: lease.epoch }))
    await loadMemory(deps)
    await deps.store.setFact(sealingKeyFact, sealingKey(Buffer.from(deps.settings.credentialSeed, 'base64url')))
    await ensureDeployKey(deps)
    const loops = startLoops(deps, { cores: availableParallelism() })
    log.info('worker ready', { epoch: lease.epoch })
    // One that is killed would leave its successor nothing.
    flushCompileCache()
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
  const log = workerLog(config)
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
