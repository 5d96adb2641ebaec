import { isMap } from 'yaml'
import {
  kustomizeProblems,
  parseManifestNodes,
  parseObjectId,
  passedOverPaths,
  type ManifestDocument,
} from '../manifest/index.ts'
import { applicationOf, chartNameOf, environmentOfRelease, holdOver } from '../pipeline/index.ts'
import { readAutomation } from '../policy/index.ts'
import type { Problem } from '../problem/index.ts'
import {
  readHelmRelease,
  unsupportedRelease,
  type DesiredRelease,
  type FindSource,
  type ReadRelease,
} from '../release/index.ts'
import { detectContainersInNode, type DetectedContainers } from '../values/index.ts'
import type { Snapshot, SnapshotFile, SnapshotInput } from './types.ts'

type InputFile = SnapshotInput['files'][number]

/** Problems of documents that are listed instead of applied; those of files that are merely wrong are not among them. */
const unsupportedCodes = new Set([
  'directory-kustomize',
  'document-sops',
  'file-templated',
  'release-generation-unsupported',
])

function refusedFile(path: string, code: string, message: string, suggestion: string): SnapshotFile {
  return { path, parsed: { documents: [], problems: [{ code, severity: 'error', message, suggestion, path }] } }
}

function parseFile(path: string, blob: string, text: string): SnapshotFile {
  const { documents, problems, nodes, roots } = parseManifestNodes({ path, blob, text })
  const containers: Record<string, DetectedContainers> = {}
  for (const { id, object } of documents) {
    const node = nodes.get(id)
    if (isMap(node) && object.kind === 'HelmRelease') {
      containers[id] = detectContainersInNode(node, text, object.metadata.annotations ?? {}, roots.get(id))
    }
  }
  return { path, parsed: { documents, problems }, containers }
}

/** The same blob under another name: nothing is parsed again. */
function movedTo(path: string, file: SnapshotFile): SnapshotFile {
  const problems = file.parsed.problems.map((problem) => ({
    ...problem,
    path,
    message: problem.message.replaceAll(file.path, path),
  }))
  return {
    ...file,
    path,
    parsed: { documents: file.parsed.documents.map((document) => ({ ...document, path })), problems },
  }
}

function readFile({ path, blob, content }: InputFile, previous: Snapshot | undefined): SnapshotFile {
  const known = previous?.files.get(blob)
  if (known) return known.path === path ? known : movedTo(path, known)
  switch (content?.kind) {
    case 'text':
      return parseFile(path, blob, content.text)
    case 'too-large':
      return refusedFile(path, 'file-too-large', `${path} is larger than 5 MiB.`, 'Split the file.')
    case 'binary':
      return refusedFile(path, 'file-not-text', `${path} is not UTF-8 text.`, 'Save it as UTF-8.')
    case undefined:
      return refusedFile(path, 'file-unread', `${path} could not be read.`, 'It is read again with the next commit.')
  }
}

/** Documents of one id in several files: none is applied, each is a problem. */
function findDuplicates(documents: readonly ManifestDocument[]): Map<string, ManifestDocument[]> {
  const byId = Map.groupBy(documents, ({ id }) => id)
  return new Map([...byId].filter(([, same]) => same.length > 1))
}

function duplicateProblems(duplicates: ReadonlyMap<string, readonly ManifestDocument[]>): Problem[] {
  return [...duplicates].flatMap(([id, same]) => {
    const places = same.map(({ path, line }) => `${path}:${line}`).join(' and ')
    return same.map(({ path, line }) => ({
      code: 'object-duplicate',
      severity: 'error' as const,
      message: `${id} is written more than once: ${places}. None of them is applied.`,
      suggestion: 'Delete all but one.',
      path,
      line,
      subject: id,
    }))
  })
}

const sourceKinds = new Set(['HelmRepository', 'OCIRepository', 'GitRepository', 'HelmChart'])

/** Looks a chart source up among documents, by kind, namespace and name. */
export function chartSourcesOf({ documents }: Pick<Snapshot, 'documents'>): FindSource {
  const sources = new Map(documents.filter(({ object }) => sourceKinds.has(object.kind)).map((d) => [d.id, d]))
  return (kind, namespace, name) =>
    sourceKinds.has(kind) ? sources.get(`${namespace}:${kind.toLowerCase()}/${name}`) : undefined
}

interface ReleasesRead {
  releases: DesiredRelease[]
  problems: Problem[]
}

interface Lookup {
  named: Parameters<FindSource>
  found: ReturnType<FindSource>
}

/** What documents said, with the sources that were looked up for it. */
const documentsRead = new WeakMap<ManifestDocument, { read: ReadRelease; lookups: Lookup[] }>()

/**
 * A document is read once for as long as the sources that it names are the same: most commits leave most documents alone.
 * Its release is the same object then.
 */
function readDocument(
  document: ManifestDocument,
  detected: DetectedContainers | undefined,
  find: FindSource,
): ReadRelease {
  const before = documentsRead.get(document)
  if (before?.lookups.every(({ named, found }) => find(...named) === found)) return before.read
  const lookups: Lookup[] = []
  const noting: FindSource = (...named) => {
    const found = find(...named)
    lookups.push({ named, found })
    return found
  }
  const read = readAnew(document, detected, noting)
  documentsRead.set(document, { read, lookups })
  return read
}

function readAnew(document: ManifestDocument, detected: DetectedContainers | undefined, find: FindSource): ReadRelease {
  const containers = detected?.containers ?? []
  const names = containers.map(({ name }) => name)
  const policies = readAutomation(document.object.metadata.annotations ?? {}, names)
  const { release, problems } = readHelmRelease(document, { find, containers, automation: policies.automation })
  const place = { path: document.path, line: document.line }
  // A filter that is wrong stops its container, not the release: it warns here and is an error in the automation.
  const warnings = [...(detected?.problems ?? []), ...policies.problems].map((problem) => ({
    ...place,
    ...problem,
    subject: problem.subject ?? document.id,
  }))
  const all = [...problems, ...warnings]
  return { ...(release ? { release: { ...release, problems: all } } : {}), problems: all }
}

function readReleases(
  documents: readonly ManifestDocument[],
  containersOf: (document: ManifestDocument) => DetectedContainers | undefined,
  holds: SnapshotInput['holds'],
): ReleasesRead {
  const find = chartSourcesOf({ documents: [...documents] })
  const read: ReleasesRead = { releases: [], problems: [] }
  for (const document of documents) {
    if (parseObjectId(document.id)?.kind !== 'helmrelease') continue
    const { release, problems } = readDocument(document, containersOf(document), find)
    read.problems.push(...problems)
    if (release) read.releases.push(held(release, holds))
  }
  return read
}

/** A lock of its own says more than the hold on its environment or application. */
function held(release: DesiredRelease, holds: SnapshotInput['holds']): DesiredRelease {
  const environment = environmentOfRelease(release)
  const application = applicationOf(release, chartNameOf(release.chart))
  const hold = holds && holdOver({ holds }, { application, environment })
  if (!hold || release.automation.locked) return release
  return { ...release, automation: { ...release.automation, locked: hold } }
}

/**
 * Everything Git says at one commit. Files whose blob `previous` knows are not parsed again. A file, document or pair of
 * duplicates that is wrong takes only itself out: its path is in `spoiledPaths`, and what it held is kept as it was.
 */
export function buildSnapshot(input: SnapshotInput): Snapshot {
  const files = new Map<string, SnapshotFile>()
  const read = input.files.map((file) => ({ blob: file.blob, file: readFile(file, input.previous) }))
  for (const { blob, file } of read) {
    if (file.parsed.problems.every(({ code }) => code !== 'file-unread')) files.set(blob, file)
  }
  const all = read.flatMap(({ file }) => file.parsed.documents)
  const duplicates = findDuplicates(all)
  const old = all.flatMap((document) => unsupportedRelease(document) ?? [])
  const oldIds = new Set(old.map(({ subject }) => subject))
  const documents = all.filter(({ id }) => !duplicates.has(id) && !oldIds.has(id))
  const containers = new Map<string, DetectedContainers>()
  for (const { file } of read)
    for (const [id, found] of Object.entries(file.containers ?? {})) containers.set(id, found)
  const { releases, problems } = readReleases(documents, ({ id }) => containers.get(id), input.holds)
  const ofFiles = [...read.flatMap(({ file }) => file.parsed.problems), ...duplicateProblems(duplicates), ...old]
  const unsupported = [
    ...ofFiles.filter(({ code }) => unsupportedCodes.has(code)),
    ...kustomizeProblems(input.allPaths, input.roots),
  ]
  const spoiled = ofFiles.filter(({ severity }) => severity === 'error').flatMap(({ path }) => path ?? [])
  return {
    commit: input.commit,
    documents,
    releases,
    problems: [...ofFiles.filter(({ code }) => !unsupportedCodes.has(code)), ...problems],
    unsupported,
    spoiledPaths: new Set(spoiled),
    passedOver: passedOverPaths(input.allPaths, input.roots),
    files,
  }
}
