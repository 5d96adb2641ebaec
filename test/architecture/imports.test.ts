import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findViolations, type SourceFile } from './find-violations.ts'
import { layerOf } from './layers.ts'
import { readImports } from './read-imports.ts'

const root = join(import.meta.dirname, '..', '..')
const searched = ['app', 'components', 'lib', 'workers', 'cli', 'demo', 'prisma', 'test']
/** Not ours, or breaches on purpose: the generated client, the repository the demo serves, the checker's own examples. */
const foreign =
  /(^|\/)(generated|node_modules|\.next)\/|^demo\/repository\/|^test\/architecture\/find-violations\.test\.ts$/

function readSources(): SourceFile[] {
  return searched.flatMap((directory) => {
    let names: string[]
    try {
      names = readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    } catch {
      return [] // a room appears when something is in it; the count below notices if all are gone
    }
    return names
      .map((name) => `${directory}/${name.replaceAll('\\', '/')}`)
      .filter((path) => /\.(tsx?|mts|mjs)$/.test(path) && !foreign.test(path))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  })
}

describe('the repository', () => {
  const files = readSources()

  it('was seen', () => {
    expect(files.length).toBeGreaterThan(100)
    const seen = new Set(files.map(({ path }) => layerOf(path)))
    for (const layer of ['core', 'ports', 'adapters', 'operations', 'api', 'server', 'wiring', 'workers'] as const) {
      expect([...seen]).toContain(layer)
    }
    const imports = files.reduce((count, { text }) => count + readImports(text).length, 0)
    expect(imports).toBeGreaterThan(files.length)
  })

  it('keeps to the one way through its rooms', () => {
    const told = findViolations(files).map(({ at, rule, says }) => `${at} [${rule}] ${says}`)
    expect(told).toEqual([])
  })
})
