export { beatFact, heartbeatFact, nextBeat, type Beat, type Heartbeat } from './heartbeat.ts'
export {
  channelScope,
  goesTo,
  isInForce,
  isSilenced,
  matchesSilence,
  type Rule,
  type RuleScope,
  type Silence,
  type SilenceScope,
} from './match.ts'
export { messageOf, plainText, testMessage, type Message } from './message.ts'
export { nextTelling, type Telling, type Told } from './next-telling.ts'
export { previewRule, type RulePreview } from './preview.ts'
export {
  channelKinds,
  secretNames,
  secretsOf,
  stateOf,
  type ChannelConfig,
  type ChannelKind,
  type ChannelSecrets,
  type Incident,
  type IncidentState,
  type SecretName,
  type SenderConfig,
} from './types.ts'
