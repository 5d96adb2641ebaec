import { followUps, stateOf, type ChannelKind, type Incident, type IncidentState } from './types.ts'

/** What a channel was last told of an incident. */
export interface Told {
  state: IncidentState
  version: number
  /** It can be edited by what the channel answered. */
  editable: boolean
}

export type Telling =
  | { kind: 'nothing' }
  /** The first message. */
  | { kind: 'message' }
  /** In place of what was said. */
  | { kind: 'edit' }
  /** A message that follows the first. */
  | { kind: 'follow-up' }

const nothing: Telling = { kind: 'nothing' }

/**
 * What is to be told of an incident now. `told` undefined = nothing yet; `tried` = it was to be told, and nobody took it.
 * The newest state wins: what changed while a channel was away comes to one message.
 */
export function nextTelling(
  incident: Incident,
  channel: ChannelKind,
  { told, tried, wanted, silenced }: { told: Told | undefined; tried: boolean; wanted: boolean; silenced: boolean },
): Telling {
  const state = stateOf(incident)
  if (!told) {
    if (!wanted || silenced) return nothing
    // What came and went before anybody was to hear of it is history; what somebody should have heard of is told once.
    return state === 'recovered' && !tried ? nothing : { kind: 'message' }
  }
  // Whoever was told that something is wrong is told that it is over, whatever rules and silences say by now.
  if (state !== 'recovered' && (silenced || !wanted)) return nothing
  if (told.state === state) return followsText(channel, told, incident) ? { kind: 'edit' } : nothing
  const follows = followUps[channel]
  if (follows === 'edits' && told.editable) return { kind: 'edit' }
  return state === 'recovered' || follows === 'states' ? { kind: 'follow-up' } : nothing
}

const followsText = (channel: ChannelKind, told: Told, incident: Incident): boolean =>
  followUps[channel] === 'edits' && told.editable && told.version < incident.version
