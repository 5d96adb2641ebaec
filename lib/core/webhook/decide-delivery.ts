import { repositoriesToScan } from './repositories-to-scan.ts'
import type { DeliveryDecision, HookWake, Told } from './types.ts'

/** What this installation looks after. */
export interface Followed {
  /** Address of the config repository. */
  repository: string | undefined
  branch: string
  /** Addresses of the repositories that applications are built from, or `owner/name`. */
  sources: readonly string[]
  /** Image repositories in use. */
  watched: readonly { name: string }[]
}

/** Whether anybody has to look at something on account of a delivery, and at what. */
export function decideDelivery(told: Told, followed: Followed): DeliveryDecision {
  switch (told.kind) {
    case 'ping':
      return handled([])
    case 'nothing':
      return ignored(told.because)
    case 'progress':
      return handled([{ topic: 'promote' }])
    case 'pushed':
      return decidePush(told, followed)
    case 'pull-request':
      if (isOurs(told.repository, followed))
        return handled([{ topic: 'fetch' }, { topic: 'promote' }, { topic: 'propose' }])
      return isSource(told.repository, followed)
        ? handled([{ topic: 'promote' }])
        : ignored(otherRepository(told.repository))
    case 'images':
      return decideImages(told.names, followed)
  }
}

function decidePush({ repository, branch }: Extract<Told, { kind: 'pushed' }>, followed: Followed): DeliveryDecision {
  if (repository !== undefined && !isOurs(repository, followed)) {
    return isSource(repository, followed) ? handled([{ topic: 'promote' }]) : ignored(otherRepository(repository))
  }
  if (branch !== undefined && branch !== followed.branch)
    return ignored(`branch ${branch.slice(0, 200)}, not ${followed.branch}`)
  return handled([{ topic: 'fetch' }])
}

function decideImages(names: readonly string[] | undefined, { watched }: Followed): DeliveryDecision {
  const due = names ? repositoriesToScan(new Set(names), watched) : new Set(watched.map(({ name }) => name))
  if (due.size === 0)
    return ignored(names ? `no release uses ${names.slice(0, 3).join(', ').slice(0, 300)}` : 'no image is watched')
  return handled([...due].map((repository): HookWake => ({ topic: 'scan', repository })))
}

/** Host names differ between what a sender calls itself and how it is reached; owner and name do not. */
function isOurs(fullName: string, { repository }: Followed): boolean {
  return repository !== undefined && ownerAndName(repository) === fullName.toLowerCase()
}

function isSource(fullName: string, { sources }: Followed): boolean {
  return sources.some((source) => ownerAndName(source) === fullName.toLowerCase())
}

/** `owner/name` out of `https://host/owner/name.git`, `git@host:owner/name`, `ssh://…`, in lower case. */
function ownerAndName(address: string): string {
  const parts = address
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .split(/[/:]/)
  return parts.slice(-2).join('/').toLowerCase()
}

const otherRepository = (fullName: string): string => `${fullName.slice(0, 200)} is not the config repository`
const handled = (wakes: HookWake[]): DeliveryDecision => ({ verdict: { kind: 'handled' }, wakes })
const ignored = (because: string): DeliveryDecision => ({ verdict: { kind: 'ignored', because }, wakes: [] })
