import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holdLock } from './hold-lock.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wheelhouse-lock-'))
})
afterEach(() => rm(directory, { recursive: true }))

it('lets one work at a time', async () => {
  const file = join(directory, 'lock')
  const { promise, resolve } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const order: string[] = []
  const first = holdLock(file, async () => {
    order.push('first begins')
    begun.resolve()
    await promise
    order.push('first ends')
  })
  await begun.promise
  const second = holdLock(file, async () => void order.push('second'))
  resolve()
  await Promise.all([first, second])
  expect(order).toEqual(['first begins', 'first ends', 'second'])
})

it('frees the lock when the work fails', async () => {
  const file = join(directory, 'lock')
  await expect(holdLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await holdLock(file, () => readFile(file, 'utf8'))).toBe(String(process.pid))
})

it('takes over from a process that died', async () => {
  const file = join(directory, 'lock')
  const { pid } = spawnSync('true')
  await writeFile(file, String(pid))
  expect(await holdLock(file, () => Promise.resolve('worked'))).toBe('worked')
})
