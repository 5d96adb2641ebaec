import type { KubeObject } from '../core/manifest/types.ts'

/** One Kubernetes API server. Throws Fault `cluster-unreachable` (retryable), `cluster-refused` (with the server's words). */
export interface Cluster {
  /** `v1.36.3`. */
  version(): Promise<string>
  /** Address of the API server. */
  server(): Promise<string>
  /** As whom the API server knows us (SelfSubjectReview); undefined = it does not tell. */
  user(): Promise<string | undefined>
  get(ref: ObjectRef): Promise<KubeObject | undefined>
  list(kind: KindRef, options?: { namespace?: string; labelSelector?: string; limit?: number }): Promise<KubeObject[]>
  /** Metadata only (`PartialObjectMetadata`). */
  listMetadata(kind: KindRef, options?: { namespace?: string; labelSelector?: string }): Promise<KubeObject[]>
  /** Server-side apply. A conflict is a Fault `conflict` naming the managers unless `force`. */
  apply(object: KubeObject, options: { fieldManager: string; force: boolean; dryRun?: boolean }): Promise<KubeObject>
  /** Merge patch of the status subresource or of the object. */
  patch(
    ref: ObjectRef,
    patch: unknown,
    options?: { subresource?: 'status'; fieldManager?: string },
  ): Promise<KubeObject>
  /** false = it was not there. `uid` binds the deletion to that very object. */
  delete(
    ref: ObjectRef,
    options?: { uid?: string; propagation?: 'Background' | 'Foreground' | 'Orphan' },
  ): Promise<boolean>
  /** Server resource of a kind, from discovery (cached, refreshed on a miss); undefined = the server does not know it. */
  resource(apiVersion: string, kind: string): Promise<{ plural: string; namespaced: boolean } | undefined>
  /** Own reflector (parts.md): list through the watch, bookmarks, reconnect at once, relist on 410, stall detector. */
  watch<T extends KubeObject>(request: WatchRequest<T>): Watch
  /** `kubectl auth can-i`, for the pages that say why something cannot be done. */
  canI(verb: string, kind: KindRef, namespace?: string): Promise<boolean>
}

export interface KindRef {
  apiVersion: string
  kind: string
}

export interface ObjectRef extends KindRef {
  namespace?: string
  name: string
}

export interface WatchRequest<T extends KubeObject> extends KindRef {
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
  metadataOnly?: boolean
  /** Shrinks each object on arrival, so that only what is needed stays in memory. */
  compact?: (object: KubeObject) => T
  onEvent(event: WatchEvent<T>): void
  /** After each complete (re)list, with everything that exists; deletions missed meanwhile have been reported before. */
  onSynced?(objects: readonly T[]): void
  /** Health of the watch itself: for pages ("stale since") and /metrics. */
  onState?(state: WatchState): void
}

export type WatchEvent<T> = { kind: 'set'; object: T } | { kind: 'deleted'; object: T }

export type WatchState =
  | { kind: 'connecting' }
  | { kind: 'live'; since: number }
  | { kind: 'broken'; since: number; reason: string; retryInMs: number }
  /** The server does not know the kind (CRD missing); tried again on discovery changes and every 30 s. */
  | { kind: 'unknown-kind' }

export interface Watch {
  /** Resolves after the first complete list; rejects never, waits through errors. */
  readonly synced: Promise<void>
  stop(): void
}
