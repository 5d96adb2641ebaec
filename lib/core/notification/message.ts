import { sentence } from '../problem/index.ts'
import { stateOf, type Incident, type IncidentState } from './types.ts'

/** What is said of an incident, before a channel gives it its form. Holds no secrets: it leaves the product. */
export interface Message {
  /** The same for all that is said of one incident, and of nothing else. */
  about: string
  state: IncidentState | 'test'
  severity: 'critical' | 'warning'
  /** One line, without a full stop. */
  title: string
  detail: string
  /** Absent where nothing is to be done. */
  nextStep?: string
  facts: readonly { name: string; value: string }[]
  /** Where people look at it. */
  link: string
  kind: string
  environment?: string
  application?: string
  /** Milliseconds since the epoch. */
  openedAt: number
  recoveredAt?: number
}

/** `redact` takes out what must not leave. */
export function messageOf(
  incident: Incident,
  { webUrl, redact }: { webUrl: string; redact: (text: string) => string },
): Message {
  const { id, kind, severity, environment, application, openedAt, recoveredAt, acknowledgedBy } = incident
  const state = stateOf(incident)
  const facts = [
    { name: 'Environment', value: environment },
    { name: 'Application', value: application },
    { name: 'Severity', value: severity },
    { name: 'Since', value: timeOf(openedAt) },
    { name: 'Acknowledged by', value: state === 'acknowledged' ? acknowledgedBy : undefined },
    { name: 'Lasted', value: recoveredAt === undefined ? undefined : lasted(recoveredAt - openedAt) },
  ]
  return {
    about: id,
    state,
    severity,
    title: redact(state === 'recovered' ? `Recovered: ${incident.title}` : incident.title),
    detail: redact(incident.detail),
    ...(state === 'recovered' ? {} : { nextStep: redact(incident.nextStep) }),
    facts: facts.filter((fact): fact is { name: string; value: string } => fact.value !== undefined),
    link: `${webUrl}/alerts?alert=${encodeURIComponent(id)}`,
    kind,
    environment,
    application,
    openedAt,
    recoveredAt,
  }
}

/** What the test button sends. `about` is new each time. */
export function testMessage(about: string, channel: string, by: string, webUrl: string, now: number): Message {
  return {
    about,
    state: 'test',
    severity: 'warning',
    title: `A test of ${channel}`,
    detail: sentence(`${by} pressed the test button of this channel; nothing is wrong`),
    facts: [],
    link: `${webUrl}/settings/notifications`,
    kind: 'test',
    openedAt: now,
  }
}

/** A message as plain text, for channels without a form of their own. */
export function plainText({ detail, nextStep, facts, link }: Message): string {
  const lines = facts.map(({ name, value }) => `${name}: ${value}`)
  return [detail, nextStep === undefined ? undefined : `Next: ${nextStep}`, lines.join('\n'), link]
    .filter((part) => part !== undefined && part !== '')
    .join('\n\n')
}

const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** `3 min`, `2 h 5 min`. */
function lasted(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return 'less than a minute'
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`
}
