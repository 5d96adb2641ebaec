import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedPostgres } from '#lib/adapters/embedded-postgres/index.ts'
import type { EmbeddedPostgres } from '#lib/adapters/embedded-postgres/index.ts'
import { administer, silentLog } from '#test/fixtures/test-database.ts'

describe('startEmbeddedPostgres', () => {
  let dataDir: string
  let server: EmbeddedPostgres | undefined
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'wheelhouse-embedded-'))
  })
  afterEach(async () => {
    await server?.stop()
    server = undefined
    await rm(dataDir, { recursive: true, force: true })
  })
  const start = async (port?: number) => (server = await startEmbeddedPostgres({ dataDir, port, log: silentLog }))

  it('keeps data, password and port over a stop', async () => {
    const first = await start()
    await administer(first.url, 'CREATE TABLE kept AS SELECT 7 AS value')
    await first.stop()
    await first.stop()
    await expect(administer(first.url, 'SELECT 1')).rejects.toThrow(/ECONNREFUSED/)
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await administer(second.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }])
  })

  it('keeps the password to itself, asks for it, and listens on loopback only', async () => {
    const { url } = await start()
    const file = join(dataDir, 'password')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(decodeURIComponent(new URL(url).password)).toBe(await readFile(file, 'utf8'))
    const wrong = new URL(url)
    wrong.password = 'wrong'
    await expect(administer(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
    const names = `'listen_addresses', 'unix_socket_directories', 'jit', 'max_connections', 'fsync'`
    const settings = await administer(url, `SELECT name, setting FROM pg_settings WHERE name IN (${names})`)
    expect(Object.fromEntries(settings.map((row) => [row['name'], row['setting']]))).toEqual({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      jit: 'off',
      max_connections: '60',
      fsync: 'on',
    })
  })

  it('joins the server that runs there already', async () => {
    const first = await start()
    const second = await start()
    expect([second.pid, second.url]).toEqual([first.pid, first.url])
  })

  it('comes back after a crash, with what was committed', async () => {
    const first = await start()
    await administer(first.url, 'CREATE TABLE kept AS SELECT 7 AS value')
    process.kill(first.pid, 'SIGKILL')
    const second = await start()
    expect(second.pid).not.toBe(first.pid)
    expect(await administer(second.url, 'SELECT value FROM kept')).toEqual([{ value: 7 }])
  })

  it('is not misled by a pid that now belongs to another program', async () => {
    const first = await start()
    await first.stop()
    await writeFile(
      join(dataDir, 'cluster', 'postmaster.pid'),
      `${process.pid}\n${dataDir}/cluster\n0\n1\n\n\n\nready\n`,
    )
    await start()
    expect(await administer(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('takes another port when the remembered one is taken', async () => {
    const first = await start()
    await first.stop()
    const squatter = createServer()
    await new Promise<void>((done) => squatter.listen(Number(new URL(first.url).port), '127.0.0.1', done))
    try {
      const second = await start()
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port)
    } finally {
      await new Promise((done) => squatter.close(done))
    }
  })

  it('works below a directory that only its owner may pass', async () => {
    await chmod(dataDir, 0o700)
    const { url } = await startEmbeddedPostgres({ dataDir: join(dataDir, 'inner'), log: silentLog }).then(
      (started) => (server = started),
    )
    expect(await administer(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('names the reason when the server does not start', async () => {
    const first = await start()
    await first.stop()
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '9\n')
    await expect(start()).rejects.toMatchObject({ name: 'Fault', code: 'unavailable' })
  })
})
