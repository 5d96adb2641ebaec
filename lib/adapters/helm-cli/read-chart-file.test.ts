import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from 'tar'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readChartFile } from './read-chart-file.ts'

let home: string
let places: Record<string, string>

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'chart-file-'))
  const chart = join(home, 'podinfo')
  await mkdir(join(chart, 'files'), { recursive: true })
  await writeFile(join(home, 'outside.yaml'), 'secret: 1\n')
  await writeFile(join(chart, 'values-dev.yaml'), 'top: 1\n')
  await writeFile(join(chart, 'files', 'deep.yaml'), 'deep: 1\n')
  await writeFile(join(chart, 'large.yaml'), 'x'.repeat(1024 * 1024 + 1))
  await create({ gzip: true, file: join(home, 'podinfo.tgz'), cwd: home }, ['podinfo'])
  await symlink('../outside.yaml', join(chart, 'link.yaml'))
  places = { directory: chart, archive: join(home, 'podinfo.tgz') }
})
afterAll(() => rm(home, { recursive: true, force: true }))

describe.each(['directory', 'archive'])('a chart as %s', (place) => {
  const rows: [label: string, path: string, text: string | undefined][] = [
    ['a file', 'values-dev.yaml', 'top: 1\n'],
    ['a file below', 'files/deep.yaml', 'deep: 1\n'],
    ['no such file', 'values-prod.yaml', undefined],
  ]
  it.each(rows)('%s', async (_label, path, text) => {
    expect(await readChartFile(places[place] ?? '', path)).toBe(text)
  })

  it('refuses a file that is too large', async () => {
    await expect(readChartFile(places[place] ?? '', 'large.yaml')).rejects.toThrow('larger than')
  })
})

it('does not follow a link out of the chart', async () => {
  await expect(readChartFile(places.directory ?? '', 'link.yaml')).rejects.toThrow('leaves the chart')
})
