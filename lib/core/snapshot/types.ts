import type { PassedOver } from '../manifest/index.ts'
import type { ManifestDocument, ObjectId, ParsedFile } from '../manifest/types.ts'
import type { WheelhouseConfig } from '../pipeline/index.ts'
import type { Problem } from '../problem/index.ts'
import type { DesiredRelease } from '../release/types.ts'
import type { DetectedContainers } from '../values/index.ts'

/** Desired state: everything Git says at one commit, parsed, with what is wrong named by file and line. */
export interface Snapshot {
  commit: string
  /** Documents that can be applied: no duplicates, nothing unsupported. HelmReleases included. */
  documents: ManifestDocument[]
  releases: DesiredRelease[]
  problems: Problem[]
  /** Listed, never applied: kustomize directories, SOPS documents, old kinds. */
  unsupported: Problem[]
  /** Files that could not be read as a whole: what they held before is neither changed nor deleted. */
  spoiledPaths: Set<string>
  /** Files that stand in a kustomize or chart directory and are not read; what they held before is left alone, too. */
  passedOver: PassedOver
  /** Parsed files by blob id, for the next snapshot. */
  files: Map<string, SnapshotFile>
}

export interface SnapshotFile {
  path: string
  parsed: ParsedFile
  /** Images of its HelmReleases, by object id: they are found in the YAML nodes, which are not kept. */
  containers?: Record<ObjectId, DetectedContainers>
}

export interface SnapshotInput {
  commit: string
  /** Every path of the commit, chosen or not: chart directories and kustomizations are recognised by them. */
  allPaths: readonly string[]
  files: readonly {
    path: string
    blob: string
    /** undefined where `previous` knows the blob. */
    content: { kind: 'text'; text: string } | { kind: 'too-large'; bytes: number } | { kind: 'binary' } | undefined
  }[]
  previous?: Snapshot
  /** Directories that were chosen; absent = `namespaces` and `releases`. */
  roots?: readonly string[]
  /** Holds on whole environments and applications; each is a lock on the releases concerned. */
  holds?: WheelhouseConfig['holds']
}
