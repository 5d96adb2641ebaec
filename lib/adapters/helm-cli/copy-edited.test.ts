import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyEdited } from './copy-edited.ts'

let home: string

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true })
  await writeFile(join(home, path), content)
}

const binary = Buffer.from([0xff, 0xfe, 0x00, 0x80])

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'edited-'))
  await put('cache/Chart.yaml', 'name: cache\n')
  await put('cache/templates/c.yaml', 'was c')
  await put('app/Chart.yaml', 'name: app\n')
  await put('app/templates/a.yaml', 'was a')
  await put('app/logo.bin', binary)
  await put('outside.txt', 'was outside')
  await mkdir(join(home, 'app/charts'))
  await create({ gzip: true, file: join(home, 'app/charts/cache-1.0.0.tgz'), cwd: home }, ['cache'])
  await symlink('../outside.txt', join(home, 'app/link.txt'))
  await create({ gzip: true, file: join(home, 'app.tgz'), cwd: home }, ['app'])
})
afterAll(() => rm(home, { recursive: true, force: true }))

it.each(['app', 'app.tgz'])('copies %s with every text edited, also that of packed charts', async (chart) => {
  const target = join(home, `copy-of-${chart}`)
  const seen: string[] = []
  await copyEdited(join(home, chart), target, (text, path) => {
    seen.push(path)
    return text.replace('was', `${path} is`)
  })
  const read = (path: string) => readFile(join(target, path), 'utf8')
  expect(await read('templates/a.yaml')).toBe('templates/a.yaml is a')
  const [cache = ''] = await readdir(join(target, 'charts'))
  expect(await read(`charts/${cache}/templates/c.yaml`)).toBe(`charts/${cache}/templates/c.yaml is c`)
  expect(await readFile(join(target, 'logo.bin'))).toEqual(binary)
  expect(seen.toSorted()).toEqual([
    'Chart.yaml',
    `charts/${cache}/Chart.yaml`,
    `charts/${cache}/templates/c.yaml`,
    'logo.bin',
    'templates/a.yaml',
  ])
  expect(await readFile(join(home, 'app/templates/a.yaml'), 'utf8')).toBe('was a')
  expect(await readFile(join(home, 'outside.txt'), 'utf8')).toBe('was outside')
})
