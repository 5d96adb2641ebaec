import { holdOver, stopOver, type Hold } from '#lib/core/pipeline/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import { editDocument, type DocumentChange } from '#lib/core/values/index.ts'
import type { TreeFile } from '#lib/ports/config-repository.ts'
import type { FileChange, WriteRequest } from '#lib/ports/store/index.ts'
import { releaseBehind, type WorkerDeps } from './deps.ts'
import { readConfig } from './repository-config.ts'
import { heldAtHead, supersededAtHead } from './write-checks.ts'

export type ImageChange = Extract<DocumentChange, { kind: 'image' }>

export interface Settled {
  request: WriteRequest
  /** Why nothing is written for it any more. */
  because: string
  state: 'superseded' | 'refused'
}

/** An image change of the automation that the document does not admit. */
export interface Unwritable {
  request: WriteRequest
  change: ImageChange
  problem: Problem
}

/**
 * What one try at a head comes to: the texts to commit, and the requests that no longer apply there. One whose environment
 * is stopped there is in neither, and goes on waiting.
 */
export interface Batch {
  files: Map<string, string>
  /** With those of their changes that can be made. */
  included: WriteRequest[]
  settled: Settled[]
  unwritable: Unwritable[]
}

export function imageChanges(changes: WriteRequest['changes']): ImageChange[] {
  return changes.filter((change) => change.kind === 'image')
}

function documentChanges({ changes }: WriteRequest): DocumentChange[] {
  return changes.filter((change) => change.kind !== 'file')
}

/** What a person wrote as a whole; nothing for edits of documents. */
function fileChange({ changes }: WriteRequest): FileChange | undefined {
  return changes.find((change) => change.kind === 'file')
}

/**
 * The requests that go into the next commit. A file that somebody wrote as a whole has a commit of its own, with its
 * author and words and without anything that it might let through.
 */
export function nextCommit(due: readonly WriteRequest[]): WriteRequest[] {
  const own = due.find((request) => fileChange(request) !== undefined)
  return own ? [own] : [...due]
}

/** Makes the edits of all requests, oldest first, in the files as they are at `head`. */
export async function editAtHead(
  deps: Pick<WorkerDeps, 'git' | 'store' | 'settings' | 'memory'>,
  head: string,
  requests: readonly WriteRequest[],
): Promise<Batch> {
  const files = await deps.git.listFiles(head)
  const { config } = await readConfig(deps, files)
  const texts = await textsOf(deps, files, requests)
  const batch: Batch = { files: new Map(), included: [], settled: [], unwritable: [] }
  for (const [index, request] of requests.entries()) {
    const written = fileChange(request)
    if (written) {
      includeFile(batch, request, written, files)
      continue
    }
    const release = releaseBehind(deps, request.target.id)
    if (stopOver(config, release ? [release.environment] : []) !== undefined) continue
    const text = batch.files.get(request.target.path) ?? texts.get(request.target.path)
    const settled = settledAtHead(request, text, release && holdOver(config, release), requests.slice(index + 1))
    if (settled || text === undefined) batch.settled.push({ request, ...(settled ?? gone(request)) })
    else include(batch, request, text)
  }
  return batch
}

async function textsOf(
  { git }: Pick<WorkerDeps, 'git'>,
  all: readonly TreeFile[],
  requests: readonly WriteRequest[],
): Promise<Map<string, string>> {
  const paths = new Set(requests.map((request) => request.target.path))
  const files = all.filter((file) => paths.has(file.path))
  const blobs = await git.readBlobs(files.map((file) => file.blob))
  const texts = new Map<string, string>()
  for (const file of files) {
    const content = blobs.get(file.blob)
    if (content?.kind === 'text') texts.set(file.path, content.text)
  }
  return texts
}

function gone({ target }: WriteRequest): Omit<Settled, 'request'> {
  return { because: `${target.path} is gone from the branch.`, state: 'superseded' }
}

function settledAtHead(
  request: WriteRequest,
  text: string | undefined,
  hold: Hold | undefined,
  later: readonly WriteRequest[],
): Omit<Settled, 'request'> | undefined {
  if (text === undefined) return gone(request)
  const held = heldAtHead(request, text, hold)
  if (held) return { because: held, state: 'refused' }
  const newer = later.find((other) => takesPlaceOf(other, request))
  if (newer) return { because: `${newer.operation} takes its place.`, state: 'superseded' }
  const superseded = supersededAtHead(request, text)
  return superseded ? { because: superseded, state: 'superseded' } : undefined
}

/** A later decision about at least the same containers was made on newer tags. */
function takesPlaceOf(later: WriteRequest, request: WriteRequest): boolean {
  if (later.kind !== 'auto-release' || request.kind !== 'auto-release') return false
  if (later.target.id !== request.target.id || later.target.path !== request.target.path) return false
  const decided = new Set(imageChanges(later.changes).map(({ container }) => container))
  return imageChanges(request.changes).every(({ container }) => decided.has(container))
}

/** A stop does not keep back what may lift it: nothing is deployed by this file alone. */
function includeFile(
  batch: Batch,
  request: WriteRequest,
  { text, base }: FileChange,
  files: readonly TreeFile[],
): void {
  const { path } = request.target
  const blob = files.find((file) => file.path === path)?.blob ?? null
  if (blob === base) {
    batch.files.set(path, text)
    batch.included.push(request)
  } else {
    batch.settled.push({ request, because: `${path} was changed meanwhile; nothing was written.`, state: 'refused' })
  }
}

function include(batch: Batch, request: WriteRequest, text: string): void {
  const edited = editDocument(text, request.target, documentChanges(request))
  if (edited.ok && edited.text === text) {
    batch.settled.push({ request, because: 'Git already says so.', state: 'superseded' })
  } else if (edited.ok) {
    batch.files.set(request.target.path, edited.text)
    batch.included.push(request)
  } else if (request.kind === 'auto-release') {
    includeWritable(batch, request, text, edited.problem)
  } else {
    batch.settled.push({ request, because: edited.problem.message, state: 'refused' })
  }
}

/** One image that cannot be written keeps none of the others of its release from being written. */
function includeWritable(batch: Batch, request: WriteRequest, text: string, problem: Problem): void {
  const each = imageChanges(request.changes).map((change) => ({
    change,
    edited: editDocument(text, request.target, [change]),
  }))
  const failing = each.flatMap(({ change, edited }) =>
    edited.ok ? [] : [{ request, change, problem: edited.problem }],
  )
  const changes = each.filter(({ edited }) => edited.ok).map(({ change }) => change)
  const rest = failing.length > 0 && changes.length > 0 ? editDocument(text, request.target, changes) : undefined
  if (rest?.ok && rest.text !== text) {
    batch.unwritable.push(...failing)
    batch.files.set(request.target.path, rest.text)
    batch.included.push({ ...request, changes })
    return
  }
  batch.unwritable.push(...each.map(({ change }) => ({ request, change, problem })))
  batch.settled.push({ request, because: problem.message, state: 'refused' })
}
