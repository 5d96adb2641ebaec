import { Fault } from '#lib/core/fault/index.ts'
import { parseImageRef } from '#lib/core/image/index.ts'
import { policyOf, type Policy } from '#lib/core/policy/index.ts'
import {
  isBuiltFrom,
  matchesPolicy,
  tagOfCommit,
  type AwaitedImage,
  type PromotedImage,
} from '#lib/core/promotion/index.ts'
import type { Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import type { ReleaseRecord } from '#lib/ports/store/index.ts'
import { helmReleaseId, type WorkerDeps } from './deps.ts'

interface Built {
  commit: string
  /** Milliseconds since the epoch: earlier tags were not built from it. */
  since: number
  target: ReleaseRecord
}

/** Clocks of others may be behind, and tags may have been seen before the merge was. */
const skewMs = 120_000
/** Newer tags whose labels are read; one that was pushed before all of these is not waited for. */
const maxLabels = 20

/**
 * The image that CI built from a commit: the tag that was chosen; else one of the filter that ends in the commit, or whose
 * image says so itself (OCI label `revision`). undefined = not there yet.
 */
export async function findBuilt(
  deps: WorkerDeps,
  { container, repository, version }: AwaitedImage,
  { commit, since, target }: Built,
): Promise<PromotedImage | undefined> {
  const address = parseImageRef(repository)
  if (!address) throw new Fault('invalid', `${repository} is no repository.`)
  const registry = await deps.registry(address.host, [target.targetNamespace])
  if (version !== undefined) {
    const head = await registry.headTag(address, version)
    return head && { container, repository, tag: version, digest: head.digest }
  }
  const policy = policyIn(deps, target, container)
  if (!policy) throw new Fault('conflict', `${container} of ${target.name} has no filter any more.`)
  const present = (await deps.store.allTags(repository)).filter(({ vanishedAt }) => vanishedAt === undefined)
  const named = tagOfCommit(
    present.map(({ name }) => name),
    policy,
    commit,
  )
  if (named !== undefined) {
    const head = await registry.headTag(address, named)
    return head && { container, repository, tag: named, digest: head.digest }
  }
  const newer = present
    .filter(({ name, firstSeenAt }) => firstSeenAt >= since - skewMs && matchesPolicy(policy, name))
    .sort((a, b) => b.firstSeenAt - a.firstSeenAt)
  const found = await labelled(registry, address, newer.slice(0, maxLabels), commit)
  return found && { container, repository, ...found }
}

async function labelled(
  registry: Registry,
  address: RepositoryAddress,
  tags: readonly { name: string }[],
  commit: string,
): Promise<{ tag: string; digest: string } | undefined> {
  for (const { name } of tags) {
    const facts = await registry.readImage(address, name)
    if (facts && isBuiltFrom(facts.labels, commit)) return { tag: name, digest: facts.digest }
  }
  return undefined
}

function policyIn({ memory }: WorkerDeps, target: ReleaseRecord, name: string): Policy | undefined {
  const desired = memory.snapshot?.releases.find(({ id }) => id === helmReleaseId(target))
  const container = desired?.containers.find((one) => one.name === name)
  return desired && container && policyOf(desired, container).policy
}
