import type { ReleaseHealth } from './health-types.ts'

interface Judged {
  phase: string
  reason: string
  /** Milliseconds since the epoch. */
  phaseSince: number
  health: ReleaseHealth['kind']
  healthReason: string
  healthSince: number
}

export interface Condition {
  type: string
  status: 'True' | 'False'
  /** One word in CamelCase, as Kubernetes wants it. */
  reason: string
  message: string
  lastTransitionTime: string
}

const camelCase = (words: string): string =>
  words.replaceAll(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())

/** The condition `Ready` of a release: deployed, and its workloads are not known to be in trouble. */
export function readyCondition({ phase, reason, phaseSince, health, healthReason, healthSince }: Judged): Condition {
  const isDeployed = phase === 'deployed'
  const isIll = isDeployed && (health === 'failing' || health === 'stuck')
  return {
    type: 'Ready',
    status: isDeployed && !isIll ? 'True' : 'False',
    reason: camelCase(isIll ? health : phase),
    message: isIll ? healthReason : reason,
    lastTransitionTime: new Date(isDeployed ? Math.max(phaseSince, healthSince) : phaseSince).toISOString(),
  }
}
