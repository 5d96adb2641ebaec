import { chmod, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { discoveryCache } from './discovery-cache.ts'

let memory: string
beforeEach(async () => {
  memory = await mkdtemp(join(tmpdir(), 'discovery-cache-'))
})
afterEach(() => rm(memory, { recursive: true }))

it('is the same at every start, and another one for another installation', async () => {
  const first = await discoveryCache('/data/helm', memory)
  expect(first).toMatch(/wheelhouse-[0-9a-f]{16}$/)
  expect(await discoveryCache('/data/helm', memory)).toBe(first)
  expect(await discoveryCache('/other/helm', memory)).not.toBe(first)
})

it('is none where others could write into it', async () => {
  const directory = (await discoveryCache('/data/helm', memory)) ?? ''
  await chmod(directory, 0o777)
  expect(await discoveryCache('/data/helm', memory)).toBeUndefined()
  await rm(directory, { recursive: true })
  await mkdir(join(memory, 'elsewhere'), { mode: 0o700 })
  await symlink('elsewhere', directory)
  expect(await discoveryCache('/data/helm', memory)).toBeUndefined()
})

it('is none where there is no such memory', async () => {
  expect(await discoveryCache('/data/helm', join(memory, 'nowhere'))).toBeUndefined()
})
