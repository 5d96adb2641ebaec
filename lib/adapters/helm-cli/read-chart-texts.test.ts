import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { create } from 'tar'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readDefinitions, readTemplates } from './read-chart-texts.ts'

let home: string

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true })
  await writeFile(join(home, path), text)
}

const wanted = [
  { path: 'app/charts/cache/templates/c.yaml', text: 'c' },
  { path: 'app/charts/lib/templates/l.tpl', text: 'l' },
  { path: 'app/templates/a.yaml', text: 'a' },
  { path: 'app/templates/crds/f.yaml', text: 'no definition' },
  { path: 'app/templates/deep/b.yaml', text: 'b' },
  { path: 'app/values.yaml', text: 'templates: "{{ none }}"\n' },
]

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'templates-'))
  await put('cache/Chart.yaml', 'name: cache\n')
  await put('cache/templates/c.yaml', 'c')
  await put('cache/crds/g.yaml', 'g')
  // Unpacked charts of the repository lie under a digest.
  await put('4f9a/Chart.yaml', 'apiVersion: v2\nname: app\n')
  await put('4f9a/values.yaml', 'templates: "{{ none }}"\n')
  await put('4f9a/plain.txt', 'no braces')
  await put('4f9a/README.md', '{{ no template }}')
  await put('4f9a/crds/d.yaml', '{{ no template }}')
  await put('4f9a/templates/a.yaml', 'a')
  await put('4f9a/templates/deep/b.yaml', 'b')
  await put('4f9a/charts/lib/crds/e.json', '{}')
  await put('4f9a/templates/crds/f.yaml', 'no definition')
  await put('4f9a/charts/lib/templates/l.tpl', 'l')
  await create({ gzip: true, file: join(home, '4f9a/charts/cache-1.0.0.tgz'), cwd: home }, ['cache'])
  await create({ gzip: true, file: join(home, 'app.tgz'), cwd: home, prefix: '' }, ['4f9a'])
})
afterAll(() => rm(home, { recursive: true, force: true }))

it('reads what is or could become a template in a directory and the charts in it, packed or not', async () => {
  expect(await readTemplates(join(home, '4f9a'))).toEqual(wanted)
})

it('reads the same of an archive', async () => {
  const inArchive = wanted.map(({ path, text }) => ({ path: path.replace(/^app/, '4f9a'), text }))
  expect(await readTemplates(join(home, 'app.tgz'))).toEqual(inArchive)
})

it.each(['4f9a', 'app.tgz'])('reads the definitions of %s and of the charts in it', async (chart) => {
  const found = await readDefinitions(join(home, chart))
  expect(found.map(({ path }) => path.replace(/^[^/]+/, 'app'))).toEqual([
    'app/charts/cache/crds/g.yaml',
    'app/charts/lib/crds/e.json',
    'app/crds/d.yaml',
  ])
})
