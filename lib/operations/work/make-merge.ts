import { Fault } from '#lib/core/fault/index.ts'
import type { Identity } from '#lib/core/gate/index.ts'
import { repositoryName } from '#lib/core/image/index.ts'
import { rulesOf } from '#lib/core/pipeline/index.ts'
import { policyOf } from '#lib/core/policy/index.ts'
import {
  nameTag,
  tagNameProblem,
  type AwaitedImage,
  type BranchAt,
  type PromotedImage,
  type SourceCommit,
  type SourceMerge,
} from '#lib/core/promotion/index.ts'
import type { DesiredRelease } from '#lib/core/release/types.ts'
import type { Container } from '#lib/core/values/index.ts'
import type { Comparison, SourceHost } from '#lib/ports/source-host.ts'
import type { WorkerDeps } from './deps.ts'
import { commitOfImages } from './source-commit.ts'
import { sourceBranches, sourceHostOf } from './source-of.ts'

export interface WantedMerge {
  application: string
  from: string
  to: string
  /** Version that somebody wants, by container. */
  tags?: Readonly<Record<string, string>>
  desired: DesiredRelease
  /** Images of the source environment for containers of the target. */
  pairs: readonly { from: Container; to: Container; digest: string }[]
}

/** What is merged where, and what CI is to build from it. Throws Faults that say what is missing. */
export async function makeMerge(deps: WorkerDeps, wanted: WantedMerge): Promise<SourceMerge> {
  const host = sourceHostOf(deps, wanted.application)
  const { url, head: branch, base } = await sourceBranches(deps, host, wanted)
  const awaits = awaitedIn(wanted)
  const { head, ...ran } = await whatRan(deps, host, wanted, branch)
  const comparison = await host.compare(base.commit, head.commit)
  const earlier = comparison.count === 0
  const version = await versionOf(deps, host, wanted, earlier ? base.commit : undefined)
  return {
    repository: host.name,
    url,
    head,
    base,
    ...ran,
    ...comparedWith(comparison),
    from: wanted.pairs.map(({ from, to, digest }): PromotedImage => {
      return { container: to.name, repository: repositoryName(to.image), tag: from.image.tag ?? '', digest }
    }),
    awaits: awaits.map(({ image, isVersion }) => ({ ...image, ...(isVersion && version ? { version } : {}) })),
    ...(version === undefined ? {} : { tag: version }),
    ...(earlier ? { merged: { commit: base.commit, at: deps.clock.now(), earlier: true } } : {}),
  }
}

/**
 * What is tried out on the left is merged, and not what has come to its branch since. Where the branch stands there, it is
 * merged itself; else a branch of ours does.
 */
async function whatRan(
  deps: WorkerDeps,
  host: SourceHost,
  { application, to, desired, pairs }: WantedMerge,
  branch: BranchAt,
): Promise<Pick<SourceMerge, 'head' | 'ran' | 'newer' | 'pin'>> {
  const built = pairs.filter((pair) => policyOf(desired, pair.to).policy).map(({ from }) => from)
  const commit = await commitOfImages(deps, host, built, desired.targetNamespace)
  if (commit === undefined) return { head: branch }
  if (commit === branch.commit) return { head: branch, ran: true }
  const { count } = await host.compare(commit, branch.commit)
  const head = { branch: branch.branch, commit }
  return { head, ran: true, newer: count, pin: pinOf({ application, environment: to }) }
}

export function pinOf({ application, environment }: { application: string; environment: string }): string {
  return `wheelhouse/${application}-${environment}`
}

/** What a comparison of branches becomes in what is kept. */
export function comparedWith({ commits, count, files }: Comparison): Compared {
  const newest = commits.toReversed().slice(0, commitsKept)
  const byEmail = new Map(commits.map(({ author, email }) => [email.toLowerCase(), { name: author, email }]))
  return {
    commits: newest.map(({ sha, message, author, url }): SourceCommit => {
      return { sha, subject: (message.split('\n')[0] ?? '').slice(0, 200), author, url }
    }),
    authors: [...byEmail.values()],
    count,
    files,
  }
}

type Compared = Pick<SourceMerge, 'commits' | 'authors' | 'count' | 'files'>
/** More than people read. */
const commitsKept = 50

/** Whose commits are merged: they do not approve what they wrote themselves. */
export function authorsOf({ authors }: Pick<SourceMerge, 'authors'>): Identity[] {
  return authors.map(({ name, email }) => ({ name, emails: [email] }))
}

function awaitedIn({ desired, pairs, to }: WantedMerge): { image: AwaitedImage; isVersion: boolean }[] {
  const awaited = pairs.flatMap(({ to: container }) => {
    const { policy } = policyOf(desired, container)
    if (!policy) return []
    const filter = `${policy.kind}:${policy.expression}`
    const image = { container: container.name, repository: repositoryName(container.image), filter }
    return [{ image, isVersion: policy.kind === 'semver' }]
  })
  if (awaited.length > 0) return awaited
  throw new Fault('invalid', `No image of ${to} has a filter, so that nobody can tell what CI will push for it.`, {
    suggestion: 'Give it one, such as fluxcd.io/tag.chart-image: glob:stg-*.',
  })
}

/** The tag for the merge commit: one that is on it already, the one somebody wants, else the next by rule. */
async function versionOf(
  deps: WorkerDeps,
  host: SourceHost,
  { application, from, to, tags, desired, pairs }: WantedMerge,
  merged: string | undefined,
): Promise<string | undefined> {
  const versioned = pairs.flatMap((pair) => {
    const { policy } = policyOf(desired, pair.to)
    return policy?.kind === 'semver'
      ? [{ ...pair, policy, refused: desired.automation.refused[pair.to.name] ?? [] }]
      : []
  })
  const [first] = versioned
  if (!first) return undefined
  const there = await host.tags()
  const target = { environment: to, policy: first.policy, refused: first.refused }
  const own = there.find(({ name, commit }) => commit === merged && !tagNameProblem(name, target))
  const asked = versioned.map((one) => tags?.[one.to.name]).find((tag) => tag !== undefined)
  const known = await deps.store.allTags(repositoryName(first.to.image))
  const named = nameTag({
    application,
    source: { environment: from, tag: first.from.image.tag ?? '' },
    target: { ...target, known: [...known, ...there].map(({ name }) => name) },
    template: rulesOf(deps.memory.config, to).tag,
  })
  const version = asked ?? own?.name ?? (named.ok ? named.tag : undefined)
  if (version === undefined) throw unnamed(named)
  for (const { policy, refused } of versioned) {
    const wrong = tagNameProblem(version, { environment: to, policy, refused })
    if (wrong) throw new Fault('invalid', wrong.message, { suggestion: wrong.suggestion })
  }
  if (asked !== undefined && asked !== own?.name && known.some(({ name }) => name === asked)) {
    throw new Fault('conflict', `${repositoryName(first.to.image)} has the tag ${asked} already.`, {
      suggestion: 'A tag is never moved: choose another one.',
    })
  }
  const taken = there.find(({ name }) => name === version)
  if (taken && taken.commit !== merged) {
    throw new Fault('conflict', `${host.name} has the tag ${version} already, at ${taken.commit.slice(0, 8)}.`, {
      suggestion: 'A tag is never moved: choose another one.',
    })
  }
  return version
}

function unnamed(named: ReturnType<typeof nameTag>): Fault {
  if (named.ok) return new Fault('internal', 'The tag has no name.')
  return new Fault('invalid', named.problem.message, { suggestion: named.problem.suggestion })
}
