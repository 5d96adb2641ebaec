/** The parts of the repository between which imports have a direction (design.md, "Rooms and the one way through them"). */
export const layers = [
  'core',
  'ports',
  'adapters',
  'operations',
  'api',
  'server',
  'config',
  'wiring',
  'workers',
  'routes',
  'pages',
  'components',
  'cli',
  'prisma',
  'demo',
  'test',
] as const
export type Layer = (typeof layers)[number]

/** What each layer may import besides itself. */
export const mayImport: Record<Layer, readonly Layer[]> = {
  core: [],
  ports: ['core'],
  adapters: ['core', 'ports'],
  operations: ['core', 'ports'],
  api: ['core'],
  config: ['core'],
  server: ['core', 'ports', 'operations', 'api'],
  wiring: ['core', 'ports', 'adapters', 'operations', 'api', 'server', 'config', 'prisma'],
  workers: ['core', 'ports', 'operations', 'wiring', 'config'],
  routes: ['core', 'ports', 'operations', 'api', 'server'],
  // Pages await the reads of server; everything they show is a component.
  pages: ['core', 'api', 'server', 'components'],
  components: ['core', 'api'],
  cli: ['core', 'api'],
  prisma: [],
  demo: ['core', 'ports', 'adapters', 'api', 'config', 'wiring'],
  test: layers.filter((layer) => layer !== 'test'),
}

const rooms: readonly (readonly [prefix: string, layer: Layer])[] = [
  ['lib/core/', 'core'],
  ['lib/ports/', 'ports'],
  ['lib/adapters/', 'adapters'],
  ['lib/operations/', 'operations'],
  ['lib/api/', 'api'],
  ['lib/server/', 'server'],
  ['lib/config/', 'config'],
  ['lib/wiring/', 'wiring'],
  ['workers/', 'workers'],
  ['app/api/', 'routes'],
  ['app/', 'pages'],
  ['components/', 'components'],
  ['cli/', 'cli'],
  ['prisma/', 'prisma'],
  ['demo/', 'demo'],
  ['test/', 'test'],
]

/** Nothing for a file that stands in no room: the root's own configuration. */
export function layerOf(path: string): Layer | undefined {
  return rooms.find(([prefix]) => path.startsWith(prefix))?.[1]
}

/** The room with a door that a path is in: `lib/core/policy`, `lib/adapters/git`. */
export function doorRoomOf(path: string): string | undefined {
  return /^lib\/(?:core|adapters)\/[^/]+(?=\/)/.exec(path)?.[0]
}

/** Where each package with a vendor or a runtime of its own may be imported; tests and the demo's world come on top. */
export const homes: readonly (readonly [packages: RegExp, places: readonly string[]])[] = [
  [/^pg$/, ['lib/adapters/postgres/', 'lib/adapters/embedded-postgres/']],
  [/^@prisma\//, ['lib/adapters/postgres/', 'prisma/', 'prisma.config.ts']],
  [/^openid-client$/, ['lib/adapters/auth/']],
  [/^embedded-postgres$/, ['lib/adapters/embedded-postgres/']],
  [/^@kubernetes\/client-node$/, ['lib/adapters/kubernetes/']],
  [/^(re2js|semver)$/, ['lib/core/']],
  [/^@octokit\//, ['lib/adapters/github/']],
  [/^tar$/, ['lib/adapters/']],
  [/^nodemailer$/, ['lib/adapters/notify/']],
  [/^next($|\/)/, ['app/', 'components/', 'lib/server/', 'lib/wiring/', 'proxy.ts', 'next.config']],
  [/^(react|react-dom|radix-ui|cmdk|sonner|lucide-react|nuqs|geist|@tanstack\/.*)($|\/)/, ['app/', 'components/']],
  [/^node:child_process$/, ['lib/adapters/', 'lib/wiring/', 'prisma/', 'workers/']],
]

/** What core may take from outside: parsers, and of Node only what computes. */
export const corePackages = /^(yaml|zod|semver|re2js|diff|node:(crypto|zlib|buffer))$/
