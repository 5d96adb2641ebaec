import { PrismaPg } from '@prisma/adapter-pg'
import { Pool } from 'pg'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Store } from '../../ports/store/index.ts'
import { alertStore } from './alerts.ts'
import { auditStore } from './audit.ts'
import { channelStore } from './channels.ts'
import { checkStore } from './checks.ts'
import { commandStore } from './commands.ts'
import { credentialStore } from './credentials.ts'
import { toFault } from './database-fault.ts'
import { deliveryStore } from './deliveries.ts'
import { deletionStore } from './deletions.ts'
import { PrismaClient } from './generated/client.ts'
import { historyStore } from './history.ts'
import { hostStore } from './host.ts'
import { leaseStore } from './leases.ts'
import { createListener } from './listener.ts'
import { operationStore } from './operations.ts'
import { outboxReader } from './outbox.ts'
import { peopleStore } from './people.ts'
import { releaseStore } from './releases.ts'
import { repositoryAccessStore } from './repository-access.ts'
import { revisionStore } from './revisions.ts'
import { announceReleases } from './session.ts'
import type { Session } from './session.ts'
import { promotionStore } from './promotions.ts'
import { providerStore } from './providers.ts'
import { settingsStore } from './settings.ts'
import { silenceStore } from './silences.ts'
import { signInStore } from './sign-in.ts'
import { snapshotStore } from './snapshots.ts'
import { tagStore } from './tags.ts'
import { webhookStore } from './webhooks.ts'
import { writeStore } from './writes.ts'

export interface StoreOptions {
  /** Of a migrated database: call `applyMigrations` first. */
  url: string
  log: Log
  clock: Clock
  /** Shown in pg_stat_activity: `wheelhouse-worker`, `wheelhouse-web`. */
  applicationName: string
  /** Connections at most; 6 unless told. One more listens once somebody waits for events. */
  poolSize?: number
}

/** Does not connect yet: the database may still be starting, and calls throw a retryable Fault until it answers. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.poolSize ?? 6,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  })
  // A pool without a listener would end the process when the server goes away.
  pool.on('error', (error) => options.log.warn('lost a database connection', { error: error.message }))
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool),
    errorFormat: 'minimal',
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  })
  const listener = createListener({
    url: options.url,
    log: options.log,
    applicationName: options.applicationName,
    channels: ['wheelhouse_outbox', 'wheelhouse_command'],
  })
  const session: Session = {
    db: prisma,
    clock: options.clock,
    listener,
    atomically: (work) => prisma.$transaction((db) => work(db)),
  }
  return buildStore(session, async () => {
    await listener.close()
    await prisma.$disconnect()
    await pool.end()
  })
}

function buildStore(session: Session, close: () => Promise<void>): Store {
  return withFaults({
    ...releaseStore(session),
    ...revisionStore(session),
    ...snapshotStore(session),
    ...tagStore(session),
    ...operationStore(session),
    ...writeStore(session),
    ...deletionStore(session),
    ...auditStore(session),
    ...commandStore(session),
    ...outboxReader(session),
    ...leaseStore(session),
    ...peopleStore(session),
    ...signInStore(session),
    ...providerStore(session),
    ...alertStore(session),
    ...silenceStore(session),
    ...channelStore(session),
    ...deliveryStore(session),
    ...historyStore(session),
    ...promotionStore(session),
    ...checkStore(session),
    ...credentialStore(session),
    ...repositoryAccessStore(session),
    ...webhookStore(session),
    ...hostStore(session),
    ...settingsStore(session),
    transaction: <T>(work: (store: Store) => Promise<T>): Promise<T> =>
      session.atomically(async (db) => {
        const releases = session.releases ?? { toldOf: new Set(), toTellOf: new Set() }
        const inner: Session = { ...session, db, releases, atomically: (more) => more(db) }
        const result = await work(buildStore(inner, close))
        if (!session.releases) await announceReleases(inner)
        return result
      }),
    close,
  })
}

/** Every method rejects with Faults where the database is to blame. */
function withFaults<T extends object>(parts: T): T {
  return new Proxy(parts, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const result: unknown = member.apply(target, args)
        return result instanceof Promise
          ? result.catch((error: unknown) => {
              throw toFault(error)
            })
          : result
      }
    },
  })
}
