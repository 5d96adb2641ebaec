import type { Problem } from '../problem/index.ts'

/** Directories read when nobody chose others; without them nothing is applied until a person chooses. */
export const defaultRoots: readonly string[] = ['namespaces', 'releases']

const kustomizationNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])

const directoryOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const trimRoot = (root: string): string =>
  root
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
const isBelow = (path: string, directory: string): boolean => directory === '' || path.startsWith(`${directory}/`)

/** `directory` and every directory above it, up to and without the repository root; the root itself is `''`. */
function selfAndAbove(directory: string): string[] {
  const found = [directory]
  let rest = directory
  while (rest !== '') {
    rest = directoryOf(rest)
    found.push(rest)
  }
  return found
}

function chartDirectories(paths: readonly string[]): Set<string> {
  const withValues = new Set(paths.filter((path) => nameOf(path) === 'values.yaml').map(directoryOf))
  return new Set(
    paths
      .filter((path) => nameOf(path) === 'Chart.yaml')
      .map(directoryOf)
      .filter((directory) => withValues.has(directory)),
  )
}

/** Directories at or below `roots` that kustomize would build; they are listed, never applied raw. */
export function kustomizeDirectories(paths: readonly string[], roots: readonly string[] = defaultRoots): string[] {
  const starts = roots.map(trimRoot)
  const found = paths
    .filter((path) => kustomizationNames.has(nameOf(path)))
    .filter((path) => starts.some((root) => isBelow(path, root)))
    .map(directoryOf)
  return [...new Set(found)].sort()
}

/**
 * The files of the repository that hold manifests: `.yaml` and `.yml` below `roots`, without those in or below a chart
 * (a directory with both Chart.yaml and values.yaml) or a kustomize directory. Sorted.
 */
export function selectPaths(allPaths: readonly string[], roots: readonly string[] = defaultRoots): string[] {
  return splitPaths(allPaths, roots).chosen
}

export type PassedOver = ReadonlyMap<string, 'chart' | 'kustomize'>

/** The YAML files below `roots` that are not read, by what their directory belongs to. */
export function passedOverPaths(allPaths: readonly string[], roots: readonly string[] = defaultRoots): PassedOver {
  return splitPaths(allPaths, roots).passedOver
}

function splitPaths(
  allPaths: readonly string[],
  roots: readonly string[],
): { chosen: string[]; passedOver: PassedOver } {
  const starts = roots.map(trimRoot)
  const [charts, kustomize] = [chartDirectories(allPaths), new Set(kustomizeDirectories(allPaths, roots))]
  const ownerOf = (path: string) => {
    const directories = selfAndAbove(directoryOf(path))
    if (directories.some((directory) => kustomize.has(directory))) return 'kustomize'
    return directories.some((directory) => charts.has(directory)) ? 'chart' : undefined
  }
  const chosen: string[] = []
  const passedOver = new Map<string, 'chart' | 'kustomize'>()
  for (const path of [...allPaths].sort()) {
    if (!/\.ya?ml$/.test(path) || path === 'wheelhouse.yaml' || path.startsWith('.github/')) continue
    if (!starts.some((root) => isBelow(path, root))) continue
    const owner = ownerOf(path)
    if (owner === undefined) chosen.push(path)
    else passedOver.set(path, owner)
  }
  return { chosen, passedOver }
}

/** One problem per kustomize directory. */
export function kustomizeProblems(paths: readonly string[], roots: readonly string[] = defaultRoots): Problem[] {
  return kustomizeDirectories(paths, roots).map((directory) => ({
    code: 'directory-kustomize',
    severity: 'warning',
    message: `${directory || 'The repository root'} is built by kustomize; its files are not applied.`,
    suggestion: 'Commit the output of `kustomize build` instead, or leave this directory to the tool that builds it.',
    path: directory,
  }))
}
