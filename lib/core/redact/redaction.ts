import { redactDeep, redactTexts } from './redact-deep.ts'
import { redactManifest } from './redact-manifest.ts'
import { maskSecrets, redactText } from './redact-text.ts'

type Known = readonly string[]
type OfText = (text: string, known: Known) => string
type Fields = Record<string, unknown>
type OfFields = (fields: Fields, known: Known) => Fields

/**
 * Where texts leave, and what is done to them there: one function for each place, so that a test can show of each that
 * without it something would be seen. `known` = values that must not be seen, whatever they look like.
 */
export interface Redaction {
  /** A text in a line of the log. */
  log: OfText
  /** Reason and data of a row of the audit trail. */
  audit: OfFields
  /** A manifest that is kept: data of Secrets too. */
  manifest: OfText
  /** Values that are kept or shown: what is named like a secret too. */
  values: OfFields
  /** YAML of an object in a plan or beside the live one, whose Secrets' data is masked already. */
  object: OfText
  /** Why something failed or waits: on a record, an alert, a command. */
  reason: OfText
  notification: OfText
  /** What helm printed. */
  childOutput: OfText
}

export const redaction: Readonly<Redaction> = {
  log: redactText,
  audit: (fields, known) => redactTexts(fields, known),
  manifest: (text, known) => maskSecrets(redactManifest(text), known),
  values: (values, known) => redactDeep(values, { knownSecrets: known }) as Fields,
  object: maskSecrets,
  reason: redactText,
  notification: redactText,
  childOutput: redactText,
}
