import { parseAllDocuments } from 'yaml'
import { isPlainWord } from './known-secrets.ts'
import { isSecretKey } from './redact-deep.ts'

type Fields = Record<string, unknown>
const isMap = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value)

/**
 * What the Secrets of a manifest hold below keys that announce a secret, in the clear: so it may stand elsewhere in the
 * manifest, or in the values it was made of. Nothing of documents that cannot be read; those are hidden as a whole.
 */
export function secretsInManifest(yamlText: string): string[] {
  if (!yamlText.includes('Secret')) return []
  return parseAllDocuments(yamlText, { logLevel: 'silent', prettyErrors: false, merge: true }).flatMap((document) => {
    try {
      const object: unknown = document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 })
      return isMap(object) && object.kind === 'Secret' ? secretsOf(object) : []
    } catch {
      return [] // aliases that lead nowhere or expand too far
    }
  })
}

function secretsOf({ data, stringData }: Fields): string[] {
  const decoded = textsBelow(data).map((text) => Buffer.from(text, 'base64').toString('utf8'))
  // Files have many lines, of which most are no secret.
  return [...textsBelow(stringData), ...decoded].filter((text) => !text.trim().includes('\n') && !isPlainWord(text))
}

function textsBelow(map: unknown): string[] {
  if (!isMap(map)) return []
  return Object.entries(map).flatMap(([key, value]) => (isSecretKey(key) && typeof value === 'string' ? [value] : []))
}

/** What values that people wrote hold below such keys. */
export function secretsInValues(values: unknown, isSecret = false): string[] {
  if (typeof values === 'string') return isSecret && !isPlainWord(values) ? [values] : []
  if (values === null || typeof values !== 'object') return []
  return Object.entries(values).flatMap(([key, value]) => secretsInValues(value, isSecretKey(key)))
}
