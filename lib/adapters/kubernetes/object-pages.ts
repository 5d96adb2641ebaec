import type { KubeObject } from '#lib/core/manifest/types.ts'
import type { KindRef } from '#lib/ports/cluster.ts'
import { apiStatusOf } from './api-fault.ts'
import type { ApiRequest } from './transport.ts'

export interface ListQuery {
  path: string
  kind: KindRef
  metadataOnly: boolean
  labelSelector?: string
  fieldSelector?: string
  signal?: AbortSignal
}

const pageSize = 500
const maxRestarts = 3

export const metadataAccept = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
}

/**
 * Reads a collection page by page and returns its resourceVersion. When the server's snapshot expires half-way (410)
 * it starts again: `onRestart` tells that the pages handed over so far count no more. Stops early when `onPage` returns false.
 */
export async function readPages(
  json: (request: ApiRequest) => Promise<unknown>,
  query: ListQuery,
  onPage: (objects: KubeObject[]) => boolean | void,
  onRestart: () => void,
): Promise<string | undefined> {
  let next: string | undefined
  for (let restarts = 0; ;) {
    try {
      const page = parsePage(await json(pageRequest(query, next)), query.kind)
      next = page.next
      if (onPage(page.objects) === false || next === undefined) return page.resourceVersion
    } catch (error) {
      if (apiStatusOf(error)?.status !== 410 || next === undefined || ++restarts > maxRestarts) throw error
      next = undefined
      onRestart()
    }
  }
}

function pageRequest(query: ListQuery, next: string | undefined): ApiRequest {
  return {
    method: 'GET',
    path: query.path,
    query: { limit: pageSize, continue: next, labelSelector: query.labelSelector, fieldSelector: query.fieldSelector },
    accept: query.metadataOnly ? metadataAccept.list : 'application/json',
    timeoutMs: 60_000,
    signal: query.signal,
  }
}

interface Page {
  objects: KubeObject[]
  next: string | undefined
  resourceVersion: string | undefined
}

function parsePage(answer: unknown, kind: KindRef): Page {
  const list = (answer ?? {}) as { items?: unknown; metadata?: { continue?: string; resourceVersion?: string } }
  const items = Array.isArray(list.items) ? list.items : []
  return {
    objects: items.flatMap((item: unknown) => toObject(item, kind) ?? []),
    next: list.metadata?.continue || undefined,
    resourceVersion: list.metadata?.resourceVersion || undefined,
  }
}

/** Items of lists carry no kind, and partial metadata the wrong one: every object gets the kind that was asked for. */
export function toObject(item: unknown, kind: KindRef): KubeObject | undefined {
  if (typeof item !== 'object' || item === null || !('metadata' in item)) return undefined
  const metadata = item.metadata
  if (typeof metadata !== 'object' || metadata === null || !('name' in metadata)) return undefined
  return Object.assign(item, { apiVersion: kind.apiVersion, kind: kind.kind }) as KubeObject
}
