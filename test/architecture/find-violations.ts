import { posix } from 'node:path'
import { corePackages, doorRoomOf, homes, layerOf, mayImport } from './layers.ts'
import { readImports, type Import } from './read-imports.ts'

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string
  text: string
}

export interface Violation {
  /** `lib/core/x.ts:3` */
  at: string
  rule: 'direction' | 'door' | 'home' | 'extension' | 'mock' | 'pure' | 'name' | 'unknown-alias'
  says: string
}

const isTest = (path: string): boolean => /\.(test|fixture)\.tsx?$/.test(path) || path.startsWith('test/')

/** Path of the file an import leads to; nothing for a package. */
function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1)
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), specifier)) : undefined
}

function checkDirection(path: string, target: string): Omit<Violation, 'at'> | undefined {
  const [from, to] = [layerOf(path), layerOf(target)]
  if (from === undefined || to === undefined || from === to || mayImport[from].includes(to)) return undefined
  if (isTest(path) && to === 'test') return undefined
  return { rule: 'direction', says: `${from} must not import ${to} (${target})` }
}

function checkDoor(path: string, target: string): Omit<Violation, 'at'> | undefined {
  const room = doorRoomOf(target)
  if (room === undefined || doorRoomOf(path) === room) return undefined
  const isDoor = target === `${room}/index.ts` || (room.startsWith('lib/core/') && target === `${room}/types.ts`)
  return isDoor ? undefined : { rule: 'door', says: `${target} is reached past the door of ${room}` }
}

function checkPackage(path: string, specifier: string): Omit<Violation, 'at'> | undefined {
  const outside = isTest(path) || path.startsWith('demo/')
  if (outside) return undefined
  const home = homes.find(([packages]) => packages.test(specifier))
  if (home && !home[1].some((place) => path.startsWith(place))) {
    return { rule: 'home', says: `${specifier} has its home in ${home[1].join(', ')}` }
  }
  if (layerOf(path) === 'core' && !corePackages.test(specifier)) {
    return { rule: 'pure', says: `core must not import ${specifier}` }
  }
  return undefined
}

function checkImport(path: string, { specifier }: Import): Omit<Violation, 'at'>[] {
  const target = targetOf(path, specifier)
  if (target === undefined) return [checkPackage(path, specifier) ?? []].flat()
  const found = [checkDirection(path, target), checkDoor(path, target)]
  if (!/\.(tsx?|mjs|css|json|wasm)$/.test(target)) {
    found.push({ rule: 'extension', says: `${specifier} carries no extension` })
  }
  if (specifier.startsWith('#') && layerOf(target) === undefined) {
    found.push({ rule: 'unknown-alias', says: `${specifier} leads into no room` })
  }
  return found.filter((violation) => violation !== undefined)
}

const forbiddenNames = /(^|-)(utils?|helpers?|common|misc|manager|services?)$/
const nextNames = /^(\[{1,2}[.a-z-]+\]{1,2}|\([a-z-]+\)|@[a-z-]+|\.[a-z-]+)$/
const kebab = /^[a-z0-9]+([-.][a-z0-9]+)*$/

/** Directories and files named after nothing in particular, or not in kebab-case. */
function checkNames(path: string): Violation[] {
  return path.split('/').flatMap((part, index, parts): Violation[] => {
    const name = index === parts.length - 1 ? (part.split('.')[0] ?? part) : part
    const says = forbiddenNames.test(name)
      ? `${name} says nothing`
      : kebab.test(name) || nextNames.test(part)
        ? ''
        : `${part} is not kebab-case`
    return says === '' ? [] : [{ at: path, rule: 'name', says }]
  })
}

const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\s*\(|\bnew Date\s*\(\s*\)|\bperformance\.now\s*\(/, 'reads the clock'],
  [/\bMath\.random\s*\(|\brandom(?:Bytes|UUID|Int)\b/, 'rolls dice'],
  [/\bprocess\.(?:env|cwd|argv)\b|\bfetch\s*\(\s*['"`h]/, 'looks at the world'],
]

function checkPure({ path, text }: SourceFile): Violation[] {
  if (layerOf(path) !== 'core' || isTest(path)) return []
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*(\*|\/\/|\/\*)/.test(line)) return []
    const found = impure.find(([pattern]) => pattern.test(line))
    return found ? [{ at: `${path}:${index + 1}`, rule: 'pure' as const, says: `core ${found[1]}` }] : []
  })
}

const mocksOwn = /\bvi\s*\.\s*(?:mock|doMock)\s*\(\s*['"][.#]/

/** Every breach of the table in `layers.ts`, in the order of the files. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const { path, text } = file
    const imports = readImports(text).flatMap((one) =>
      checkImport(path, one).map((violation): Violation => ({ at: `${path}:${one.line}`, ...violation })),
    )
    const mocks: Violation[] = mocksOwn.test(text) ? [{ at: path, rule: 'mock', says: 'an own module is mocked' }] : []
    return [...checkNames(path), ...imports, ...checkPure(file), ...mocks]
  })
}
