import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { rememberedVersion } from './remembered-version.ts'

let root: string
let asked = 0
const version = (binary: string) => rememberedVersion({ root }, join(root, binary), async () => `v4.${++asked}`)

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'helm-version-'))
  asked = 0
})
afterEach(() => rm(root, { recursive: true }))

it('asks a program once, and again when its file is another one', async () => {
  await writeFile(join(root, 'helm'), '\x7fELF one')
  expect([await version('helm'), await version('helm')]).toEqual(['v4.1', 'v4.1'])
  await writeFile(join(root, 'helm'), '\x7fELF other')
  expect(await version('helm')).toBe('v4.2')
  await utimes(join(root, 'helm'), 1, 1)
  expect(await version('helm')).toBe('v4.3')
})

it('asks a script every time, and what is not there', async () => {
  await writeFile(join(root, 'helm'), '#!/bin/sh\nexec helm-of-today "$@"\n')
  expect([await version('helm'), await version('helm')]).toEqual(['v4.1', 'v4.2'])
  expect(await version('nowhere')).toBe('v4.3')
})

it('asks where what it kept cannot be read', async () => {
  await writeFile(join(root, 'helm'), '\x7fELF')
  await writeFile(join(root, 'version.json'), 'half of')
  expect([await version('helm'), await version('helm')]).toEqual(['v4.1', 'v4.1'])
})
