import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { Fault } from '../../core/fault/index.ts'
import { toFault } from './database-fault.ts'

/** The key `prisma migrate` itself locks with: neither gets in the other's way. */
const prismaLock = 72_707_369

/** As Prisma's schema engine creates it. */
const prismaTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`

interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Brings the schema up to date with `directory` (by default the product's own prisma/migrations) and returns the names of
 * what it applied. Each migration is one transaction; processes that start together wait for each other.
 * Throws Fault `conflict` if the database was migrated by a newer version or a migration was changed after it was applied.
 */
export async function applyMigrations(url: string, directory = ownMigrations()): Promise<string[]> {
  const migrations = await readMigrations(directory)
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock($1)', [prismaLock])
    return await applyMissing(client, migrations)
  } catch (error) {
    throw toFault(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

const ownMigrations = (): string => join(dirname(fileURLToPath(import.meta.url)), '../../../prisma/migrations')

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function applyMissing(client: Client, migrations: Migration[]): Promise<string[]> {
  await client.query(prismaTable)
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  for (const row of rows) checkApplied(row, known.get(row.migration_name))
  const done = new Set(rows.map((row) => row.migration_name))
  const missing = migrations.filter((migration) => !done.has(migration.name))
  for (const migration of missing) await applyOne(client, migration)
  return missing.map((migration) => migration.name)
}

function checkApplied(
  row: { migration_name: string; checksum: string; finished_at: Date | null },
  migration: Migration | undefined,
): void {
  if (!migration) {
    throw new Fault('conflict', `The database was migrated by a newer version: it has ${row.migration_name}.`, {
      suggestion: 'Start the newer version, or give this one another database.',
    })
  }
  if (!row.finished_at) {
    throw new Fault('conflict', `Migration ${row.migration_name} was begun by another program and never finished.`, {
      suggestion: 'Repair the database, then mark the migration with `prisma migrate resolve`.',
    })
  }
  if (row.checksum !== migration.checksum) {
    throw new Fault('conflict', `Migration ${row.migration_name} differs from the one that was applied.`, {
      suggestion: 'Put the original file back; changes of the schema go into a new migration.',
    })
  }
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(migration.sql)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
