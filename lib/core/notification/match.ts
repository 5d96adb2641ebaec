import type { Incident } from './types.ts'

/** What a rule is about; an empty list = whatever it is. */
export interface RuleScope {
  kinds: string[]
  severities: string[]
  environments: string[]
  applications: string[]
}

export interface Rule extends RuleScope {
  channel: string
}

/** What is not told for a while; absent = whatever it is. At least one is given. */
export interface SilenceScope {
  kind?: string
  environment?: string
  application?: string
  release?: string
}

export interface Silence extends SilenceScope {
  /** Milliseconds since the epoch. */
  until: number
  endedAt?: number
}

const within = (wanted: readonly string[], value: string | undefined): boolean =>
  wanted.length === 0 || (value !== undefined && wanted.includes(value))

/** Of which an incident says nothing (a registry has no environment), no list of them contains it. */
export function matchesRule(rule: RuleScope, incident: Incident): boolean {
  return (
    within(rule.kinds, incident.kind) &&
    within(rule.severities, incident.severity) &&
    within(rule.environments, incident.environment) &&
    within(rule.applications, incident.application)
  )
}

export const channelScope = (id: string): string => `channel ${id} `

/** That a channel fails is never told to that channel: it would fail too, and be an incident again. */
export function goesTo(channel: string, rules: readonly Rule[], incident: Incident): boolean {
  if (incident.key.startsWith(channelScope(channel))) return false
  return rules.some((rule) => rule.channel === channel && matchesRule(rule, incident))
}

export const isInForce = ({ until, endedAt }: Silence, now: number): boolean => endedAt === undefined && until > now

export function isSilenced(silences: readonly Silence[], incident: Incident, now: number): boolean {
  return silences.some((silence) => isInForce(silence, now) && matchesSilence(silence, incident))
}

export function matchesSilence(silence: SilenceScope, incident: Incident): boolean {
  const named = (['kind', 'environment', 'application', 'release'] as const).filter(
    (part) => silence[part] !== undefined,
  )
  return named.length > 0 && named.every((part) => silence[part] === incident[part])
}
