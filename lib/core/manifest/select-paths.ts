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
  const starts = roots.map(trimRoot)
  const skipped = new Set([...chartDirectories(allPaths), ...kustomizeDirectories(allPaths, roots)])
  return allPaths
    .filter((path) => /\.ya?ml$/.test(path))
    .filter((path) => path !== 'wheelhouse.yaml' && !path.startsWith('.github/'))
    .filter((path) => starts.some((root) => isBelow(path, root)))
    .filter((path) => !selfAndAbove(directoryOf(path)).some((directory) => skipped.has(directory)))
    .sort()
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
