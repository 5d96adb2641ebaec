import { isSecretKey, mask, redactDeep, redactText } from '../redact/index.ts'

/** UTF-16 units of JSON text; what is longer is not kept. */
const maxPayloadLength = 256 * 1024

/**
 * What is kept of a payload for people to read, as JSON text: without what looks like a secret. Looked through text by text
 * only where there is something to be found, since most have nothing and hundreds come in a second.
 */
export function keptPayload(payload: unknown, knownSecrets: readonly string[]): string | undefined {
  if (payload === undefined) return undefined
  const secretKeys = new Map<string, boolean>()
  const hides = (key: string): boolean => {
    const known = secretKeys.get(key) ?? isSecretKey(key)
    secretKeys.set(key, known)
    return known
  }
  const text = JSON.stringify(payload, function (this: unknown, key: string, value: unknown) {
    // Items of a list have numbers for keys.
    return !Array.isArray(this) && hides(key) && hasText(value) ? mask : value
  })
  if (text.length > maxPayloadLength) return undefined
  return redactText(text, knownSecrets) === text ? text : JSON.stringify(redactDeep(payload, { knownSecrets }))
}

/** Booleans, null and empty texts tell nothing. */
const hasText = (value: unknown): boolean => value !== null && value !== '' && typeof value !== 'boolean'
