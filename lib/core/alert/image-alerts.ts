import type { AlertVerdict, WantedAlert } from './types.ts'

/** A tag that Git names, without a digest that would pin it, and what the registry says of it now. */
export interface TagInUse {
  /** `latest` where none is written. */
  tag: string
  /** Object ids of the releases that name it. */
  users: readonly string[]
  /** Of its one user; undefined where there are several. */
  release?: string
  environment?: string
  /** `unknown` = the registry gave no answer for this one. */
  registry: 'has-it' | 'lacks-it' | 'unknown'
  /** It named `from` while it was in use, and names `to` now. */
  moved?: { from: string; to: string }
}

export const imageScope = (repository: string): string => `image ${repository} `
export const movedKey = (repository: string, tag: string): string => `${imageScope(repository)}tag-moved ${tag}`

/** Incidents of one image repository: tags in use that moved, are gone, or say nothing about what they hold (§9.7). */
export function imageAlerts(repository: string, tags: readonly TagInUse[]): AlertVerdict {
  const wanted: WantedAlert[] = []
  const kept: string[] = []
  for (const used of tags) {
    const { tag } = used
    const vanishedKey = `${imageScope(repository)}tag-vanished ${tag}`
    const alert = (kind: string, key: string, title: string, detail: string, nextStep: string): WantedAlert => ({
      key,
      kind,
      severity: 'warning',
      title,
      detail: `${detail} ${usedBy(used.users)}`,
      nextStep,
      ...(used.release === undefined ? {} : { release: used.release, environment: used.environment }),
    })
    if (used.moved) {
      const { from, to } = used.moved
      const detail = `It was ${from}, it is ${to}. Running pods keep the old image, new ones get the new.`
      const title = `${repository}:${tag} names another image now`
      wanted.push(alert('tag-moved', movedKey(repository, tag), title, detail, 'Release a tag that nobody moves.'))
    }
    if (used.registry === 'unknown') kept.push(vanishedKey)
    if (used.registry === 'lacks-it') {
      const title = `${repository}:${tag} is not in the registry`
      const detail = 'Pods that are started anew cannot pull it.'
      wanted.push(alert('tag-vanished', vanishedKey, title, detail, 'Push the image again, or release another tag.'))
    }
    if (tag === 'latest') {
      const title = `${repository}:latest is in use`
      const detail = 'Nobody can tell which image runs under this tag.'
      const key = `${imageScope(repository)}latest-in-use`
      wanted.push(alert('latest-in-use', key, title, detail, 'Name a version or a digest in the release.'))
    }
  }
  return { wanted, kept }
}

function usedBy(users: readonly string[]): string {
  const shown = users.toSorted().slice(0, 3).join(', ')
  return users.length > 3 ? `Used by ${shown} and ${users.length - 3} more.` : `Used by ${shown}.`
}
