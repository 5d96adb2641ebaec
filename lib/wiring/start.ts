import { ConfigError } from '#lib/config/config.ts'

/** `npm start`: database, web and worker; `npm run web`: without the worker. */
try {
  // The database client is made from the schema at the first start, before anything imports it.
  await import('../../prisma/generate.ts')
  const { startAll } = await import('./start-all.ts')
  await startAll(process.argv[2] !== 'web')
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(1)
}
