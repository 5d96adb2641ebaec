import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
/** The one place where an address that came from outside becomes a link. */
const home = 'components/ui/outside-link.tsx'
/** Addresses of our own API. */
const own = /href=\{(getOpenApi\.path|urlOf\()/

it('addresses of charts, hosts and annotations become links in one place alone, which takes http(s) and nothing else', async () => {
  const found: string[] = []
  let seen = 0
  for await (const path of glob('{components,app}/**/*.tsx', { cwd: root })) {
    seen += 1
    const text = await readFile(join(root, path), 'utf8')
    for (const [tag] of text.matchAll(/<a\s[^>]*?href=\{[^}]*\}/g))
      if (path !== home && !own.test(tag)) found.push(`${path}: ${tag}`)
    if (/dangerouslySetInnerHTML|window\.open\(/.test(text)) found.push(`${path}: markup or window of its own`)
  }
  expect(seen).toBeGreaterThan(100)
  expect(found).toEqual([])
})
