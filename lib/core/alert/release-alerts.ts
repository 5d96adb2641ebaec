import { sentence, type Problem } from '../problem/index.ts'
import { explainHealth, isPullFailure, type ReleaseHealth } from '../release/index.ts'
import type { AlertVerdict, WantedAlert } from './types.ts'

/** What a release's record says of it, as far as it can be an incident. */
export interface ReleaseConditions {
  id: string
  name: string
  environment: string
  mode: 'observe' | 'act'
  /** false = its document left Git. */
  desired: boolean
  phase: string
  reason: string
  health: ReleaseHealth['kind']
  healthReason: string
  revision?: number
  problems: readonly Problem[]
  lock?: { user?: string; message?: string; until?: string }
  emergency?: { toRevision: number; by: string; reason: string; because: string }
  images: readonly { container: string; automated: boolean; problem?: Problem }[]
}

/** A release in one of these is on its way: what was wrong is neither over nor new. */
const moving = new Set(['waiting', 'installing', 'upgrading', 'rolling-back', 'unlocking', 'uninstalling'])

export const releaseScope = (id: string): string => `release ${id} `

/**
 * The incidents of one release: its Helm release, its pods, and each container that automation has to leave alone. A retry
 * between two failures, or a pod between two crashes, ends nothing. `open`: keys of what is open now.
 */
export function releaseAlerts(
  release: ReleaseConditions,
  now: number,
  open: ReadonlySet<string> = new Set(),
): AlertVerdict {
  const verdicts = [
    ...deploymentAlerts(release, open),
    ...policyAlerts(release),
    holdAlert(release, now),
    emergencyAlert(release),
  ]
  return {
    wanted: verdicts.filter((verdict) => typeof verdict === 'object'),
    kept: verdicts.filter((verdict) => typeof verdict === 'string'),
  }
}

/** An alert, the key of one to be left as it is, or nothing. */
type Verdict = WantedAlert | string | undefined

/**
 * Helm that gave up on pods which do not come up is one broken deployment, and one incident: the one that is open already
 * tells of both.
 */
function deploymentAlerts(release: ReleaseConditions, open: ReadonlySet<string>): Verdict[] {
  const [helm, health] = [helmAlert(release), healthAlert(release)]
  if (typeof helm !== 'object' || typeof health !== 'object' || helm.severity !== 'critical') return [helm, health]
  const [first, second] = open.has(health.key) && !open.has(helm.key) ? [health, helm] : [helm, health]
  const detail = `${sentence(first.detail)} ${sentence(second.detail)}`
  return [{ ...first, severity: 'critical', detail }]
}

function helmAlert(release: ReleaseConditions): Verdict {
  const { phase, reason, name } = release
  const key = `${releaseScope(release.id)}helm`
  if (moving.has(phase)) return key
  const problem = release.problems.find(({ message }) => message === reason)
  const nextStep = problem?.suggestion ?? 'Correct it in Git, or try again.'
  const about = { key, detail: reason, nextStep, release: release.id, environment: release.environment }
  if (phase === 'failed') return { ...about, kind: 'release-failed', severity: 'critical', title: `${name} failed` }
  // Where nothing is to be done, nothing is blocked: the page says what would happen.
  if (phase !== 'blocked' || release.mode === 'observe') return undefined
  return problem?.code === 'release-pending'
    ? { ...about, kind: 'release-stuck', severity: 'critical', title: `${name} is stuck` }
    : { ...about, kind: 'release-blocked', severity: 'warning', title: `${name} is blocked` }
}

function healthAlert(release: ReleaseConditions): Verdict {
  const { health, healthReason, phase } = release
  const key = `${releaseScope(release.id)}health`
  if (!release.desired || phase === 'uninstalled' || health === 'healthy') return undefined
  const told = explainHealth({ kind: health, reason: healthReason }, release.revision)
  if (!told) return key
  const pull = isPullFailure(healthReason)
  return {
    key,
    kind: pull ? 'image-pull' : 'unhealthy',
    severity: health === 'stuck' ? 'critical' : 'warning',
    release: release.id,
    environment: release.environment,
    title: pull ? `${release.name} cannot pull an image` : `${release.name} is unhealthy`,
    detail: `${told.what} ${told.why}`,
    nextStep: told.next,
  }
}

/** A container without a filter that needs one is a warning on the page: nobody has asked for it to be automated. */
function policyAlerts(release: ReleaseConditions): Verdict[] {
  if (!release.desired || release.mode === 'observe') return []
  return release.images.map(({ container, automated, problem }) => {
    if (!automated || problem?.severity !== 'error') return undefined
    return {
      key: `${releaseScope(release.id)}policy ${container}`,
      kind: 'policy-broken',
      severity: 'warning',
      release: release.id,
      environment: release.environment,
      title: `${container} of ${release.name} is not automated`,
      detail: problem.message,
      nextStep: problem.suggestion ?? 'Correct it in Git.',
    }
  })
}

/** A hold whose time is over holds on until a person lifts it (§9.11). */
function holdAlert({ id, name, environment, desired, lock }: ReleaseConditions, now: number): Verdict {
  if (!desired || lock?.until === undefined || Date.parse(lock.until) > now) return undefined
  const by = lock.user ? ` by ${lock.user}` : ''
  const held = sentence(`Held${by} until ${lock.until}${lock.message ? `: ${lock.message}` : ''}`)
  return {
    key: `${releaseScope(id)}hold`,
    kind: 'hold-expired',
    severity: 'warning',
    release: id,
    environment,
    title: `The hold on ${name} is over`,
    detail: `${held} Nothing changes it until somebody lifts the hold.`,
    nextStep: 'Lift the hold, or hold it for longer.',
  }
}

function emergencyAlert({ id, name, environment, emergency }: ReleaseConditions): Verdict {
  if (!emergency) return undefined
  const { by, toRevision, reason, because } = emergency
  return {
    key: `${releaseScope(id)}emergency`,
    kind: 'git-disagrees',
    severity: 'warning',
    release: id,
    environment,
    title: `Git disagrees about ${name}`,
    detail: `${by} rolled back to revision ${toRevision} without waiting for Git: ${reason} ${because}`,
    nextStep: 'Bring Git back: the commit is made by itself.',
  }
}
