import type { Release } from '#lib/api/release-schemas.ts'
import { shortName } from '../session/short-name.ts'
import type { State } from '../ui/state-icon.tsx'

/** How a release stands, in a word or a few, for cells, chips and the order of the matrix. */
export interface Standing {
  state: State
  words: string
  /** More words where there is room for them: why it waits, what failed. */
  detail?: string
  /** Milliseconds since the epoch. */
  since: number
  /** Whether the words need to be in sight: a healthy release needs none. */
  loud: boolean
}

const underWay: Partial<Record<Release['phase'], string>> = {
  installing: 'Installing',
  upgrading: 'Upgrading',
  'rolling-back': 'Rolling back',
  unlocking: 'Unlocking',
  uninstalling: 'Uninstalling',
}

type Told = Pick<
  Release,
  | 'phase'
  | 'phaseSince'
  | 'reason'
  | 'health'
  | 'healthSince'
  | 'healthReason'
  | 'lock'
  | 'problems'
  | 'images'
  | 'revision'
>

export function standingOf(release: Told): Standing {
  const phase = (state: State, words: string): Standing => ({
    state,
    words,
    detail: detailOf(words, release.reason),
    since: release.phaseSince,
    loud: true,
  })
  const health = (state: State, words: string, loud = true): Standing => ({
    state,
    words,
    detail: loud ? release.healthReason || undefined : undefined,
    since: release.healthSince,
    loud,
  })

  const doing = underWay[release.phase]
  if (doing) return phase('run', doing)
  if (release.phase === 'failed') return phase('bad', 'Failed')
  if (release.health === 'failing') return health('bad', 'Failing')
  if (release.health === 'stuck') return health('bad', 'Stuck')
  if (release.phase === 'blocked') return phase('wait', 'Blocked')
  if (release.phase === 'awaiting-consent') return phase('wait', 'Left Git, waits for consent')
  const problem = policyProblem(release)
  if (problem) return phase('wait', problem)
  if (release.lock) return phase('held', heldBy(release.lock))
  if (release.phase === 'suspended') return phase('held', 'Suspended in Git')
  if (release.phase === 'waiting') return phase('wait', 'Waiting')
  if (release.health === 'progressing') return health('run', 'Progressing')
  if (release.phase === 'uninstalled') return phase('none', 'Uninstalled')
  if (release.revision === undefined) return phase('none', 'Not installed')
  if (release.health === 'healthy') return health('ok', 'Healthy', false)
  return health('none', 'Health unknown', false)
}

/** The first clause of the reason, where it says more than the word: `Install failed 6 times`, `Waits for dev/db`. */
function detailOf(words: string, reason: string): string | undefined {
  if (words === 'Failed')
    return /^The (?<what>\w+ failed (?:once|\d+ times))/.exec(reason)?.groups?.what?.replace(/^./, upper)
  if (words !== 'Waiting' && words !== 'Blocked') return undefined
  const clause = reason.split(/[.;:](?:\s|$)/)[0]?.trim() ?? ''
  if (clause === '' || clause.startsWith('Operation ')) return undefined
  return words === 'Blocked' ? `Blocked · ${clause}` : clause
}

const upper = (letter: string): string => letter.toUpperCase()

function policyProblem(release: Told): string | undefined {
  const image = release.images.find((one) => one.problem)
  if (image) return `Policy problem · ${image.container}`
  return release.problems.some((one) => one.severity === 'error') ? 'Problem' : undefined
}

function heldBy(lock: NonNullable<Release['lock']>): string {
  return `Held${lock.user ? ` by ${shortName(lock.user)}` : ''}${lock.until ? ` until ${lock.until.slice(0, 10)}` : ''}`
}

/** Lower = worse. */
export const badness: Record<State, number> = { bad: 0, wait: 1, run: 2, held: 3, none: 4, ok: 5 }

/**
 * What a release runs, for the first line of a cell: the tag of its image, and its chart's version where it has several
 * images or none.
 */
export function versionOf(release: Pick<Release, 'images' | 'chart'>): string {
  const [image, ...others] = release.images
  const tag = image?.tag ?? image?.digest?.slice(0, 19)
  return (others.length > 0 ? release.chart.version : undefined) ?? tag ?? release.chart.version ?? '–'
}

/** `gateway 0.27.1, prometheus v2.3.4`: what several images run. */
export function imageTags(release: Pick<Release, 'images'>): string {
  return release.images.map((image) => `${image.container} ${image.tag ?? '–'}`).join(', ')
}
