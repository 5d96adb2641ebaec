import { randomBytes } from 'node:crypto'
import { flushCompileCache } from 'node:module'
import { availableParallelism } from 'node:os'
import { readConfig, type Config } from '#lib/config/config.ts'
import { sealingKey } from '#lib/core/credential/index.ts'
import { ensureDeployKey } from '#lib/operations/work/deploy-keys.ts'
import { connectionFact } from '#lib/operations/read/connection-facts.ts'
import { endFormerWrites } from '#lib/operations/work/end-former-writes.ts'
import { tellConnection } from '#lib/operations/work/tell-connection.ts'
import { KnownSecrets } from '#lib/core/redact/index.ts'
import { sealingKeyFact } from '#lib/operations/request/seal-for-worker.ts'
import type { Log } from '#lib/ports/log.ts'
import { followedRepository, followedVersion, type FollowedRepository } from '#lib/wiring/followed-repository.ts'
import { isHolderDead, processHolder } from '#lib/wiring/process-holder.ts'
import { freshId } from '#lib/wiring/secrets.ts'
import { connectWorker, credentialSeed, wireWorker, workerLog, type WorkerConnection } from '#lib/wiring/worker.ts'
import { holdLease, type HeldLease } from './lease-holder.ts'
import { startLoops } from './loops.ts'
import { loadMemory } from './load-memory.ts'
import { untilChanged } from './until-changed.ts'

type WorkerConfig = Config & { kubeconfig: string }

/** Takes the lease and works until it is lost, the process is told to stop, or another repository is to be followed. */
async function serve(config: WorkerConfig, connection: WorkerConnection, log: Log) {
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
    const seed = await credentialSeed(config)
    await introduce(connection, seed)
    const followed = await followedRepository(config, connection.store, seed, log)
    const changed = untilChanged(connection.wakeups, followed?.version, () => followedVersion(config, connection.store))
    const over = Promise.race([lease.lost, aborted(stopping.signal), changed.promise])
    if (followed) await follow(config, followed, connection, lease, over, log)
    else await waitForOne(connection, over, log)
    changed.stop()
    await lease.giveBack().catch(() => {})
  }
  await connection.wakeups.close()
  await connection.store.close()
}

/** What pages need of a worker before anything is connected: whom to seal for, and the key that a Git host is to know. */
async function introduce({ store, clock }: WorkerConnection, seed: string): Promise<void> {
  await store.setFact(sealingKeyFact, sealingKey(Buffer.from(seed, 'base64url')))
  await ensureDeployKey({ store, clock, newId: freshId, random: randomBytes, settings: { credentialSeed: seed } })
}

async function follow(
  config: WorkerConfig,
  followed: FollowedRepository,
  connection: WorkerConnection,
  lease: HeldLease,
  over: Promise<void>,
  log: Log,
): Promise<void> {
  const deps = await wireWorker(config, followed, connection, lease, log.with({ epoch: lease.epoch }))
  await loadMemory(deps)
  await endFormerWrites(deps)
  await tellConnection(deps, followed.source)
  const loops = startLoops(deps, { cores: availableParallelism() })
  log.info('worker ready', { epoch: lease.epoch })
  // One that is killed would leave its successor nothing.
  flushCompileCache()
  await over
  await loops.stop()
  await deps.close()
}

/** What was known of another repository is forgotten, so that the pages do not speak of it. */
async function waitForOne({ store }: WorkerConnection, over: Promise<void>, log: Log): Promise<void> {
  for (const fact of [connectionFact, 'repository']) await store.setFact(fact, undefined)
  log.warn('no config repository: connect one in Settings, Repository, or set WHEELHOUSE_REPOSITORY')
  await over
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function main() {
  const config = readConfig(process.env)
  const secrets = new KnownSecrets()
  const log = workerLog(config, secrets)
  const { kubeconfig, databaseUrl } = config
  if (!kubeconfig || !databaseUrl) {
    log.error('worker not configured', { needed: 'DATABASE_URL and WHEELHOUSE_KUBECONFIG' })
    process.exitCode = 1
    return
  }
  await serve({ ...config, kubeconfig }, await connectWorker(config, databaseUrl, log, secrets), log)
}

await main()
