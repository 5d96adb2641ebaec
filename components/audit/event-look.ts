import type { AuditEvent } from '#lib/api/audit.ts'
import type { State } from '../ui/state-icon.tsx'

const outcomes: Record<string, State> = {
  failed: 'bad',
  refused: 'bad',
  dead: 'bad',
  broken: 'bad',
  interrupted: 'wait',
  asked: 'wait',
  waiting: 'wait',
  blocked: 'wait',
  opened: 'wait',
  locked: 'held',
  silenced: 'held',
}

/** An intent is under way only as long as no outcome of it is known; in a list it is just the beginning of one. */
export function stateOfEvent(event: Pick<AuditEvent, 'kind'>): State {
  const what = event.kind.split('.').at(-1) ?? ''
  if (what === 'intent') return 'none'
  return outcomes[what] ?? 'ok'
}

/** `upgrade.intent` → `upgrade, intent`; the noun is what one looks for. */
export function wordsOfKind(kind: string): { noun: string; what: string } {
  const at = kind.indexOf('.')
  return at < 0
    ? { noun: kind, what: '' }
    : { noun: kind.slice(0, at), what: kind.slice(at + 1).replaceAll(/[-.]/g, ' ') }
}

export interface EventGroup {
  /** Absent = an event of its own. */
  operation?: string
  events: AuditEvent[]
}

const isIntent = (event: AuditEvent): boolean => event.kind.endsWith('.intent')

/** What an intent and its outcome share. Of several operations that one Helm run brings, only one holds the intent. */
function taskOf(event: AuditEvent): string | undefined {
  const { attempt } = event.data
  if (typeof attempt === 'string') return `${event.operation ?? ''} ${attempt}`
  return event.intent
}

/** Without the intents whose outcome is there too: the outcome says more. */
export function withoutSettledIntents(events: readonly AuditEvent[]): AuditEvent[] {
  const settled = new Set(events.filter((event) => !isIntent(event)).map(taskOf))
  return events.filter((event) => {
    const task = taskOf(event)
    return !(isIntent(event) && task !== undefined && settled.has(task))
  })
}

/** Neighbours of one operation together; order stays newest first. */
export function groupByOperation(events: readonly AuditEvent[]): EventGroup[] {
  const groups: EventGroup[] = []
  const open = new Map<string, EventGroup>()
  for (const event of events) {
    const known = event.operation === undefined ? undefined : open.get(event.operation)
    if (known) {
      known.events.push(event)
      continue
    }
    const group: EventGroup = { operation: event.operation, events: [event] }
    groups.push(group)
    if (event.operation !== undefined) open.set(event.operation, group)
  }
  return groups
}
