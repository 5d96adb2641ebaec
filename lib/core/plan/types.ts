import type { KubeObject, ObjectId } from '../manifest/index.ts'

/** What the API server says to a dry run of one object. */
export type DryRun = { kind: 'accepted'; object: KubeObject } | { kind: 'refused'; message: string }

/** One object of the rendered manifest and how it stands in the cluster. */
export interface RenderedObject {
  id: ObjectId
  rendered: KubeObject
  /** undefined = the cluster has none. */
  live: KubeObject | undefined
  dryRun: DryRun
  /** Path of the template, from Helm's `# Source:` comment. */
  source?: string
}

/** Something of a plan that a person should look at before agreeing. Most serious first in a plan. */
export interface Risk {
  kind:
    | 'fails'
    | 'deletes-data'
    | 'deletes'
    | 'rbac'
    | 'definition'
    | 'namespace'
    | 'hook'
    | 'restarts'
    | 'unstable'
    | 'newer-definitions'
    | 'chart-follows'
  /** Object or chart file; '' = the release as a whole. */
  subject: string
  /** One sentence. */
  says: string
}

export interface PlannedObject {
  id: ObjectId
  apiVersion: string
  kind: string
  namespace?: string
  name: string
  change: 'created' | 'changed' | 'unchanged' | 'deleted' | 'kept'
  /** YAML of the live object and of the outcome, redacted, without what nobody wrote. '' where there is none. */
  before: string
  after: string
  /** Pods that are replaced because their template changes. */
  restarts?: number
  /** Words of the API server when it will refuse this. */
  fails?: string
  /** What was folded away: `defaults`, `checksum/config changed because ConfigMap x changes`. */
  notes: string[]
}

export interface PlannedHook {
  kind: string
  name: string
  events: string[]
}

/** What an intended change of one release does to the cluster. */
export interface Plan {
  objects: PlannedObject[]
  hooks: PlannedHook[]
  risks: Risk[]
}

/** How one object of a Helm revision stands in the cluster. */
export interface LiveObject {
  id: ObjectId
  apiVersion: string
  kind: string
  namespace?: string
  name: string
  /** `added`: the revision does not have it, the one that is deployed does. */
  state: 'same' | 'changed' | 'missing' | 'added'
  /** Paths of what differs, where it is changed. */
  fields: string[]
  /** YAML as the revision would have it and as it is live, redacted, without what nobody wrote; '' where equal or not there. */
  before: string
  after: string
  /** Words of the API server when it would not take what the revision says. */
  fails?: string
}
