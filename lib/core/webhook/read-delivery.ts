import { readGhcr, readGitHub } from './read-github.ts'
import { readDistribution, readDockerHub, readHarbor, readQuay, registryEvent } from './read-registry.ts'
import type { HookKind, Told } from './types.ts'

export interface ReadDelivery {
  /** What the sender calls it. */
  event: string
  told: Told
}

/** What a delivery says. `header` = the event as GitHub's header names it. Never throws, whatever the payload. */
export function readDelivery(kind: HookKind, header: string | undefined, payload: unknown): ReadDelivery {
  const named = header?.slice(0, 100) ?? ''
  switch (kind) {
    case 'github':
      return { event: named, told: readGitHub(named, payload) }
    case 'ghcr':
      return { event: named, told: readGhcr(named, payload) }
    case 'dockerhub':
      return { event: 'push', told: readDockerHub(payload) }
    case 'quay':
      return { event: 'push', told: readQuay(payload) }
    case 'harbor':
      return { event: registryEvent(payload), told: readHarbor(payload) }
    case 'distribution':
      return { event: registryEvent(payload), told: readDistribution(payload) }
    case 'git':
      return { event: named || 'push', told: { kind: 'pushed' } }
  }
}
