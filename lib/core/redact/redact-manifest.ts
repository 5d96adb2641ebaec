import { parseAllDocuments, stringify } from 'yaml'
import { redactObject, type MaskValue } from './redact-object.ts'

const unreadable = '# A document that could not be read is hidden, because it may hold a Secret.\n'

/** A document without these words and without escapes that could spell them cannot hold what is masked. */
const mayHoldSecrets = (document: string): boolean =>
  document.includes('Secret') || document.includes('last-applied-configuration') || document.includes('\\')

function sourceComment(document: string): string {
  return /^# Source: [^\n]*\n/m.exec(document)?.[0] ?? ''
}

function redactDocument(document: string, hide: MaskValue | undefined): string {
  if (!mayHoldSecrets(document)) return document
  const documents = parseAllDocuments(document, { logLevel: 'silent', prettyErrors: false, merge: true })
  const [parsed] = documents
  if (!parsed) return document
  if (documents.length > 1 || parsed.errors.length > 0) return `\n${sourceComment(document)}${unreadable}`
  let value: unknown
  try {
    value = parsed.toJS({ maxAliasCount: 100 })
  } catch {
    return `\n${unreadable}` // aliases that lead nowhere or expand too far
  }
  const redacted = redactObject(value, hide)
  if (JSON.stringify(redacted) === JSON.stringify(value)) return document
  return `\n${sourceComment(document)}${stringify(redacted, { lineWidth: 0 })}`
}

/**
 * A manifest of several documents with the data of Secrets masked. Documents that hold none keep their text byte for byte;
 * one that cannot be read is hidden as a whole.
 */
export function redactManifest(yamlText: string, hide?: MaskValue): string {
  // What follows a separator on its own line belongs to the document: `--- {kind: Secret}` is one.
  const parts = yamlText.split(/^(---)(?=\s|$)/m)
  return parts.map((part, index) => (index % 2 === 1 ? part : redactDocument(part, hide))).join('')
}
