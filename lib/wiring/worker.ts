import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createChartRepository } from '#lib/adapters/chart-repository/index.ts'
import { createHelm, isAlive } from '#lib/adapters/helm-cli/index.ts'
import { createCluster } from '#lib/adapters/kubernetes/index.ts'
import { createLauncher, type LaunchChild } from '#lib/adapters/launcher/index.ts'
import { jsonLog } from '#lib/adapters/log/index.ts'
import { createNotifier } from '#lib/adapters/notify/index.ts'
import { createRemoteText } from '#lib/adapters/outbound-http/index.ts'
import { createStore, createWakeups } from '#lib/adapters/postgres/index.ts'
import type { Config } from '#lib/config/config.ts'
import { KnownSecrets, redaction } from '#lib/core/redact/index.ts'
import type { Log } from '#lib/ports/log.ts'
import { openConfigRepository, openGitHost, reachOf } from './config-repository.ts'
import { crashPoint } from './crash-point.ts'
import { workerKey } from './process-keys.ts'
import { enteredCredentials } from './entered-credentials.ts'
import { redactingStore } from './redacting-store.ts'
import { registries } from './registries.ts'
import type { FollowedRepository } from './followed-repository.ts'
import { freshId } from './secrets.ts'
import { secretsInConfig, secretsOfRepository } from './secrets-in-config.ts'
import { sourceCredentials } from './source-credentials.ts'
import { sourceHosts } from './source-hosts.ts'
import { sshAccess } from './ssh-access.ts'
import { withoutCredentials } from '#lib/operations/read/facts.ts'
import { removeUnfinishedCharts } from '#lib/operations/work/sweep-charts.ts'
import { emptyMemory, type LeaseGuard, type WorkerDeps, type WorkerSettings } from '#lib/operations/work/deps.ts'

const clock = { now: () => Date.now() }

/** Database connections: what starts helm must not wait for those that decide and record. */
const poolSize = 10

/** Its lines show nothing of `secrets`, whenever they come to be known. */
export function workerLog(config: Config, secrets: KnownSecrets): Log {
  const redact = (text: string) => redaction.log(text, secrets.everywhere())
  return jsonLog({ level: config.logLevel, clock, fields: { process: 'worker' }, redact })
}

/** 32 bytes, base64url: opens what settings pages sealed for the worker. */
export const credentialSeed = (config: Config): Promise<string> => workerKey(config, 'credentials')

/** Everything a worker needs before it holds the lease: the database and the wake-ups. */
export async function connectWorker(config: Config, databaseUrl: string, log: Log, secrets: KnownSecrets) {
  secrets.add('config', secretsInConfig(config))
  const plain = await createStore({ url: databaseUrl, log, clock, applicationName: 'wheelhouse-worker', poolSize })
  const store = redactingStore(plain, redaction, secrets)
  const wakeups = await createWakeups({ url: databaseUrl, log, tellsOthers: false })
  return { store, wakeups, clock, secrets }
}

export type WorkerConnection = Awaited<ReturnType<typeof connectWorker>>

/** Builds the adapters of one cluster and its config repository. */
export async function wireWorker(
  config: Config & { kubeconfig: string },
  followed: FollowedRepository,
  connection: WorkerConnection,
  lease: LeaseGuard,
  log: Log,
): Promise<WorkerDeps & { close(): Promise<void> }> {
  const launcher = createLauncher()
  const { launch } = launcher
  const settings = await settingsOf(config, followed)
  const cluster = createCluster({ kubeconfigPath: config.kubeconfig, log, random: Math.random, clock })
  const ssh = sshAccess({ store: connection.store, clock, log, newId: freshId }, settings.credentialSeed)
  const git = openConfigRepository(followed, { committer: settings.committer, ssh, launch, clock, log })
  const { store, wakeups, secrets } = connection
  const helm = helmFor(config, cluster, secrets, launch, log)
  secrets.add('repository', secretsOfRepository(followed))
  const deps: WorkerDeps = {
    store,
    wakeups,
    clock,
    redaction,
    git,
    cluster,
    helm,
    registry: registries({
      cluster,
      entered: enteredCredentials(store, settings.credentialSeed, secrets, log),
      dockerConfig: config.dockerConfig,
      insecureHosts: config.insecureRegistries,
      insideHosts: config.insideHosts,
      pushConfig: config.pushConfig,
      clock,
      log,
    }),
    chartRepository: createChartRepository({
      cacheDir: join(config.dataDir, 'chart-index'),
      insecureHosts: config.insecureRegistries,
      credentials: async (host, secret) => secret && sourceCredentials(cluster, secret, host),
    }),
    remoteText: createRemoteText(),
    notifier: createNotifier({ insideHosts: config.insideHosts, clock }),
    gitHost: await openGitHost(followed, clock),
    sourceHost: await sourceHosts(config, followed, clock),
    log,
    newId: freshId,
    random: randomBytes,
    settings,
    memory: { ...emptyMemory(), secrets },
    lease,
    isAlive,
    step: crashPoint(config.crashAt),
  }
  const close = async () => {
    await Promise.all([git.close(), helm.close()])
    await launcher.close()
  }
  return { ...deps, close }
}

function helmFor(
  config: Config & { kubeconfig: string },
  cluster: ReturnType<typeof createCluster>,
  secrets: KnownSecrets,
  launch: LaunchChild,
  log: Log,
) {
  return createHelm({
    binary: config.helm,
    kubeconfigPath: config.kubeconfig,
    workDir: join(config.dataDir, 'helm'),
    reach: () => cluster.reach(),
    launch,
    log,
    redact: (text) => redaction.childOutput(text, secrets.everywhere()),
  })
}

async function settingsOf(config: Config, followed: FollowedRepository): Promise<WorkerSettings> {
  const chartsDir = join(config.dataDir, 'charts')
  await mkdir(chartsDir, { recursive: true })
  await removeUnfinishedCharts(chartsDir)
  return {
    clusterName: config.clusterName,
    repository: withoutCredentials(followed.url),
    branch: followed.branch,
    reach: reachOf(followed),
    webUrl: config.webUrl,
    defaultMode: followed.defaultMode,
    chartsDir,
    committer: { name: 'Wheelhouse', email: 'wheelhouse@wheelhouse.dev' },
    planKey: await workerKey(config, 'plans'),
    credentialSeed: await credentialSeed(config),
    auditSeed: await workerKey(config, 'audit checkpoints'),
    pollIntervalMs: config.pollIntervalMs,
    scanIntervalMs: config.scanIntervalMs,
  }
}
