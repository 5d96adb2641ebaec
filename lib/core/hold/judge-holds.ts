import { sentence } from '../problem/index.ts'
import type { Hold, WheelhouseConfig } from '../pipeline/types.ts'
import type { HeldAction, HoldEntry, HoldVerdict } from './types.ts'

export interface HoldsSeen {
  /** Name of the HelmRelease. */
  release: string
  application: string
  environment: string
  /** The lock of its own document. */
  own?: Hold
  /** Why it is held while Git is away, by whom. */
  emergency?: string
  /** Those of `wheelhouse.yaml`. */
  holds: WheelhouseConfig['holds']
}

/** All holds on a release as one verdict. */
export function judgeHolds(seen: HoldsSeen, now: number): HoldVerdict {
  const holds = entriesOf(seen)
  if (holds.length === 0) return { kind: 'free' }
  const expired = holds.filter(({ until }) => until !== undefined && Date.parse(until) <= now)
  const ends = holds.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)])).filter((end) => end > now)
  return {
    kind: 'held',
    holds,
    expired,
    reason: holds.map((hold) => describeHold(hold, expired.includes(hold))).join(' '),
    ...(ends.length > 0 ? { nextEvaluation: Math.min(...ends) } : {}),
  }
}

/** Why a hold stops an action; nothing where it lets it pass. */
export function stoppedByHold(verdict: HoldVerdict, action: HeldAction): string | undefined {
  if (verdict.kind === 'free') return undefined
  switch (action) {
    case 'rollback':
    case 'repair':
      return undefined
    case 'document-edit':
      // The emergency hold stands for a commit that is still to come, and so for the document itself.
      return verdict.holds.some(({ scope }) => scope === 'emergency') ? verdict.reason : undefined
    case 'automation':
    case 'promotion':
    case 'manual-release':
    case 'chart':
    case 'values-from':
      return verdict.reason
  }
}

/** An environment may be called `constructor`. */
function entry(record: Readonly<Record<string, Hold>>, name: string): Hold | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function entriesOf({ release, application, environment, own, emergency, holds }: HoldsSeen): HoldEntry[] {
  const [ofApplication, ofEnvironment] = [
    entry(holds.applications, application),
    entry(holds.environments, environment),
  ]
  return [
    ...(emergency === undefined ? [] : [{ scope: 'emergency' as const, name: release, message: emergency }]),
    ...(own ? [{ ...own, scope: 'release' as const, name: release }] : []),
    ...(ofApplication ? [{ ...ofApplication, scope: 'application' as const, name: application }] : []),
    ...(ofEnvironment ? [{ ...ofEnvironment, scope: 'environment' as const, name: environment }] : []),
  ]
}

function describeHold({ scope, name, user, message, until }: HoldEntry, expired: boolean): string {
  const what = scope === 'emergency' || scope === 'release' ? 'Held' : `The ${scope} ${name} is held`
  const by = user ? ` by ${user}` : ''
  const when =
    until === undefined ? '' : expired ? ` until ${until}, which is over; a person lifts it` : ` until ${until}`
  const why = message ? `: ${message.trim()}` : ''
  return sentence(`${what}${by}${when}${why}`)
}
