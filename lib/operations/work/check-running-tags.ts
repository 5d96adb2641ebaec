import type { Registry, RepositoryAddress } from '#lib/ports/registry.ts'
import type { AlertRecord, TagRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from './deps.ts'
import type { Use } from './scan-repository.ts'

type Deps = Pick<WorkerDeps, 'store' | 'clock'>
type Finding = Pick<AlertRecord, 'key' | 'kind' | 'title' | 'detail' | 'nextStep'>

const maxOpenAlerts = 500

/**
 * A tag that runs and now names another image, or is gone, is an alert and never a silent change (§9.7). The alert ends
 * when the tag is right again or runs no more.
 */
export async function checkRunningTags(
  deps: Deps,
  registry: Registry,
  address: RepositoryAddress,
  name: string,
  uses: readonly Use[],
): Promise<void> {
  const tags = new Map((await deps.store.allTags(name)).map((tag) => [tag.name, tag]))
  const running = new Set(uses.map(({ container }) => container.image.tag).filter((tag) => tag !== undefined))
  const findings: Finding[] = []
  for (const tag of running) {
    if (tag === 'latest') findings.push(latestInUse(name))
    const record = tags.get(tag)
    if (!record) continue
    const head = record.vanishedAt === undefined ? await registry.headTag(address, tag) : undefined
    if (head === undefined) findings.push(vanished(name, tag))
    else findings.push(...(await noteDigest(deps, record, head.digest)))
  }
  await report(deps, name, uses, findings)
}

/** Keeps the digest a tag has now. A moved tag stays an alert as long as it runs: who runs what is no longer known. */
async function noteDigest(deps: Deps, record: TagRecord, digest: string): Promise<Finding[]> {
  const { repository, name, digest: before } = record
  if (before === undefined) await deps.store.saveTags([{ repository, name, digest }])
  if (before === undefined || before === digest) return record.moved ? [moved(record, record.moved.from, digest)] : []
  const at = deps.clock.now()
  await deps.store.saveTags([{ repository, name, digest, moved: { from: before, at }, created: undefined }])
  return [moved(record, before, digest)]
}

const latestInUse = (name: string): Finding => ({
  key: `latest-in-use:${name}`,
  kind: 'latest-in-use',
  title: `${name}:latest is in use`,
  detail: 'Nobody can tell which image runs under this tag.',
  nextStep: 'Name a version or a digest in the release.',
})

const vanished = (name: string, tag: string): Finding => ({
  key: `tag-vanished:${name}:${tag}`,
  kind: 'tag-vanished',
  title: `${name}:${tag} is gone from the registry`,
  detail: 'Pods that are rescheduled cannot pull it any more.',
  nextStep: 'Push the image again or release another tag.',
})

const moved = ({ repository, name }: TagRecord, from: string, to: string): Finding => ({
  key: `tag-moved:${repository}:${name}:${to}`,
  kind: 'tag-moved',
  title: `${repository}:${name} names another image now`,
  detail: `It was ${from}, it is ${to}. Running pods keep the old image, new ones get the new.`,
  nextStep: 'Release an immutable tag.',
})

async function report(deps: Deps, name: string, uses: readonly Use[], findings: readonly Finding[]): Promise<void> {
  const now = deps.clock.now()
  const user = uses[0]?.release.id ?? 'nothing'
  for (const finding of findings) {
    const detail = `${finding.detail} Used by ${user}.`
    await deps.store.openAlert({ ...finding, severity: 'warning', detail }, now)
  }
  const found = new Set(findings.map(({ key }) => key))
  const own = [`latest-in-use:${name}`, `tag-vanished:${name}:`, `tag-moved:${name}:`]
  const open = await deps.store.listAlerts({ open: true, limit: maxOpenAlerts })
  for (const { key } of open) {
    if (own.some((prefix) => key.startsWith(prefix)) && !found.has(key)) await deps.store.recoverAlert(key, now)
  }
}
