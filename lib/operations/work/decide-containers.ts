import { formatImageRef, repositoryName } from '#lib/core/image/index.ts'
import { decideTag, policyOf, type PolicyDecision } from '#lib/core/policy/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Snapshot } from '#lib/core/snapshot/index.ts'
import type { Container, DocumentChange } from '#lib/core/values/index.ts'
import type { ReleaseImage, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import { toFact } from './tag-fact.ts'

export interface ContainerDecision {
  container: Container
  written: string
  decision: PolicyDecision
  /** Of the tag to move to, where a digest stands beside the tag. */
  digest?: string
  /** What blocks it, where it is blocked. */
  blockedBy?: 'document' | NonNullable<ReleaseImage['met']>['by']
}

/** What the policies of one release say now; reads the store's tags, decides nothing by itself. */
export async function decideContainers(
  deps: Pick<WorkerDeps, 'store'>,
  release: DesiredRelease,
): Promise<ContainerDecision[]> {
  const decisions: ContainerDecision[] = []
  for (const container of release.containers) {
    const { written, policy, problem } = policyOf(release, container)
    if (!policy) {
      decisions.push({ container, written, decision: { kind: 'blocked', problem }, blockedBy: 'document' })
      continue
    }
    const tags = (await deps.store.allTags(repositoryName(container.image))).map(toFact)
    const decision = decideTag({
      policy,
      current: container.image.tag,
      currentFact: tags.find((tag) => tag.name === container.image.tag),
      tags,
      refused: release.automation.refused[container.name],
    })
    decisions.push({ container, written, decision, ...(decision.kind === 'blocked' ? { blockedBy: 'tags' } : {}) })
  }
  return decisions
}

/** Where a digest stands beside the tag it is rewritten in the same edit; if it cannot be, nothing is (§9.9). */
async function withDigest(
  deps: Pick<WorkerDeps, 'registry'>,
  release: DesiredRelease,
  entry: ContainerDecision,
): Promise<ContainerDecision> {
  const { container, decision } = entry
  if (decision.kind !== 'move' || container.image.digest === undefined) return entry
  const registry = await deps.registry(container.image.host, [release.targetNamespace])
  const head = await registry.headTag(container.image, decision.tag)
  if (head) return { ...entry, digest: head.digest }
  const problem: Problem = {
    code: 'digest-unknown',
    severity: 'error',
    message: `A digest stands beside the tag of ${container.name}, and the registry gives no digest of ${decision.tag}.`,
    suggestion: 'Push the image again, or remove the digest from the values.',
    subject: container.name,
  }
  return { ...entry, decision: { kind: 'blocked', problem }, blockedBy: 'digest' }
}

/** An edit that the document does not admit is not asked for again while tag and file are the same. */
export function unlessRefused(
  record: Pick<ReleaseRecord, 'images' | 'path'>,
  snapshot: Snapshot,
  entry: ContainerDecision,
): ContainerDecision {
  const { decision, container, digest } = entry
  const image = record.images.find((candidate) => candidate.container === container.name)
  if (decision.kind !== 'move' || image?.met?.by !== 'edit' || !image.problem) return entry
  const { met } = image
  if (met.tag !== decision.tag || met.digest !== digest || met.blob !== blobAt(snapshot, record.path)) return entry
  return { ...entry, decision: { kind: 'blocked', problem: image.problem }, blockedBy: 'edit' }
}

function blobAt(snapshot: Snapshot, path: string): string | undefined {
  for (const [blob, file] of snapshot.files) if (file.path === path) return blob
  return undefined
}

/** What the policies of a release come to now; `digests` = with those to be written beside a tag, asked of the registry. */
export async function decideUpdates(
  deps: Pick<WorkerDeps, 'store' | 'registry'>,
  { record, release, snapshot }: { record: ReleaseRecord; release: DesiredRelease; snapshot: Snapshot },
  { digests }: { digests: boolean },
): Promise<ContainerDecision[]> {
  const decided = await decideContainers(deps, release)
  const digested = digests ? await Promise.all(decided.map((entry) => withDigest(deps, release, entry))) : decided
  return digested.map((entry) => unlessRefused(record, snapshot, entry))
}

/** The images with what the decisions met: a problem by tags or digest ends with them, one by an edit with the image. */
export function withMet(images: readonly ReleaseImage[], decisions: readonly ContainerDecision[]): ReleaseImage[] {
  return images.map((image) => {
    const entry = decisions.find(({ container }) => container.name === image.container)
    if (!entry || entry.decision.kind === 'waiting' || entry.blockedBy === 'document') return image
    const { decision, blockedBy } = entry
    if (blockedBy === 'edit' || (decision.kind === 'move' && image.met?.by === 'edit')) return image
    if (decision.kind === 'blocked' && blockedBy) return { ...image, problem: decision.problem, met: { by: blockedBy } }
    if (!image.met) return image
    const { problem: _, met: __, ...well } = image
    return well
  })
}

/** The edit that a move comes to. */
export function toChange({ container, decision, digest }: ContainerDecision): DocumentChange {
  const tag = decision.kind === 'move' ? decision.tag : ''
  return { kind: 'image', container: container.name, tag, ...(digest === undefined ? {} : { digest }) }
}

/** Images that edits of these start from. */
export function expectsOf(moves: readonly ContainerDecision[]): Record<string, string> {
  return Object.fromEntries(moves.map(({ container }) => [container.name, formatImageRef(container.image)]))
}
