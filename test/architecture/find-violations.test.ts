import { describe, expect, it } from 'vitest'
import { findViolations, type Violation } from './find-violations.ts'
import { layers } from './layers.ts'

describe('findViolations', () => {
  const door = "import { a } from '#lib/core/policy/index.ts'"
  const bad: [label: string, path: string, text: string, rule: Violation['rule']][] = [
    ['core that knows a port', 'lib/core/a/b.ts', "import type { Git } from '#lib/ports/git.ts'", 'direction'],
    ['core that knows a port, relatively', 'lib/core/a/b.ts', "import { x } from '../../ports/git.ts'", 'direction'],
    ['a port that knows an adapter', 'lib/ports/a.ts', "import { x } from '#lib/adapters/git/index.ts'", 'direction'],
    [
      'an operation that knows an adapter',
      'lib/operations/a.ts',
      "import { x } from '#lib/adapters/git/index.ts'",
      'direction',
    ],
    [
      'a component that knows an operation',
      'components/a/b.tsx',
      "import { x } from '#lib/operations/a.ts'",
      'direction',
    ],
    ['a component that knows the server', 'components/a/b.tsx', "import { x } from '#lib/server/a.ts'", 'direction'],
    ['the command line that knows the server', 'cli/a.ts', "import { x } from '#lib/server/a.ts'", 'direction'],
    ['the wire that knows an operation', 'lib/api/a.ts', "export { x } from '../operations/a.ts'", 'direction'],
    [
      'a route that knows an adapter',
      'app/api/a/route.ts',
      "import { x } from '#lib/adapters/git/index.ts'",
      'direction',
    ],
    ['a loop that knows an adapter', 'workers/a.ts', "import { x } from '#lib/adapters/git/index.ts'", 'direction'],
    ['the product that knows its tests', 'lib/wiring/a.ts', "import { x } from '#test/fakes/a.ts'", 'direction'],
    [
      'an import over several lines',
      'lib/core/a/b.ts',
      "import {\n  x,\n  y,\n} from '#lib/ports/git.ts'",
      'direction',
    ],
    ['a dynamic import', 'lib/core/a/b.ts', "const x = await import('#lib/ports/git.ts')", 'direction'],
    ['an import of a type inside a type', 'lib/core/a/b.ts', "type X = import('#lib/ports/git.ts').X", 'direction'],
    ['an import for its effect', 'lib/core/a/b.ts', "import '#lib/ports/git.ts'", 'direction'],
    ['a require', 'lib/core/a/b.ts', "const x = require('../../ports/git.ts')", 'direction'],
    ['core past a door', 'lib/core/a/b.ts', "import { x } from '../policy/glob.ts'", 'door'],
    ['an adapter past a door', 'lib/wiring/a.ts', "import { x } from '#lib/adapters/git/mirror.ts'", 'door'],
    ['the types of an adapter', 'lib/wiring/a.ts', "import type { x } from '#lib/adapters/git/types.ts'", 'door'],
    ['pg away from home', 'lib/operations/a.ts', "import pg from 'pg'", 'home'],
    ['Prisma away from home', 'lib/server/a.ts', "import { PrismaClient } from '@prisma/client'", 'home'],
    [
      'the Kubernetes client away from home',
      'workers/a.ts',
      "import { KubeConfig } from '@kubernetes/client-node'",
      'home',
    ],
    ['React in an operation', 'lib/operations/a.ts', "import { cache } from 'react'", 'home'],
    ['Next in the wire', 'lib/api/a.ts', "import { NextRequest } from 'next/server'", 'home'],
    ['child processes in an operation', 'lib/operations/a.ts', "import { spawn } from 'node:child_process'", 'home'],
    ['files in core', 'lib/core/a/b.ts', "import { readFile } from 'node:fs/promises'", 'pure'],
    ['the clock in core', 'lib/core/a/b.ts', 'const now = Date.now()', 'pure'],
    ['dice in core', 'lib/core/a/b.ts', 'const x = Math.random()', 'pure'],
    ['no extension', 'lib/api/a.ts', "import { x } from './b'", 'extension'],
    ['an alias that leads nowhere', 'lib/api/a.ts', "import { x } from '#elsewhere/b.ts'", 'unknown-alias'],
    ['a mocked module of our own', 'lib/api/a.test.ts', "vi.mock('./b.ts')", 'mock'],
    ['a drawer', 'lib/core/a/utils.ts', '', 'name'],
    ['a drawer with a prefix', 'lib/operations/release-manager.ts', '', 'name'],
    ['a directory that is a drawer', 'components/common/button.tsx', '', 'name'],
    ['a name in camel case', 'lib/core/a/myFile.ts', '', 'name'],
  ]
  it.each(bad)('notices %s', (_label, path, text, rule) => {
    expect(findViolations([{ path, text }]).map((violation) => violation.rule)).toContain(rule)
  })

  const good: [label: string, path: string, text: string][] = [
    ['core through a door', 'lib/core/a/b.ts', door],
    ['types of a core room', 'lib/ports/a.ts', "import type { X } from '../core/release/types.ts'"],
    ['a room within itself', 'lib/adapters/git/a.ts', "import { x } from './mirror.ts'"],
    ['an adapter with its vendor', 'lib/adapters/postgres/a.ts', "import pg from 'pg'"],
    ['wiring with an adapter', 'lib/wiring/a.ts', "import { x } from '#lib/adapters/git/index.ts'"],
    ['a test with a fake', 'lib/operations/a.test.ts', "import { x } from '#test/fakes/a.ts'"],
    [
      'a mention in a comment',
      'lib/core/a/b.ts',
      "// import { x } from '#lib/ports/git.ts'\n/* import('#lib/ports/git.ts') */",
    ],
    ['a Next directory', 'app/(product)/releases/[id]/page.tsx', "import { x } from '#components/a/b.tsx'"],
    ['a service account', 'lib/core/a/service-account.ts', ''],
    ['a day computed in core', 'lib/core/a/b.ts', 'const day = new Date(now)'],
  ]
  it.each(good)('lets %s pass', (_label, path, text) => {
    expect(findViolations([{ path, text }])).toEqual([])
  })

  it('says file and line', () => {
    const text = `${door}\n\nimport { y } from '../../ports/git.ts'\n`
    expect(findViolations([{ path: 'lib/core/a/b.ts', text }])[0]?.at).toBe('lib/core/a/b.ts:3')
  })

  it('knows every room it has a row for', () => {
    expect(new Set(layers).size).toBe(layers.length)
  })
})
