import { mask } from './mask.ts'
import { textRedactor, type RedactText } from './redact-text.ts'

export interface RedactOptions {
  knownSecrets?: Iterable<string>
}

const caps = { depth: 64, items: 10_000, text: 64 * 1024 } as const

const secretWords = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'pass',
  'secret',
  'secrets',
  'token',
  'credential',
  'credentials',
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'authorization',
  'dsn',
])
const keyOwners = new Set(['api', 'access', 'secret', 'private', 'signing', 'encryption', 'auth', 'master', 'account'])
/** `existingSecret: name` and the like name a Secret and hold none. */
const referring = new Set(['existing', 'pull', 'image', 'create', 'use', 'enable', 'enabled', 'automount', 'mount'])

/** Whether a key announces a secret: `dbPassword`, `API_KEY`, `auth.token`; not `secretName`, `existingSecret`. */
export function isSecretKey(key: string): boolean {
  const words = key
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const last = words.at(-1)
  const before = words.at(-2)
  if (last === undefined) return false
  if (last === 'key') return before !== undefined && keyOwners.has(before)
  return secretWords.has(last) && !(before !== undefined && referring.has(before))
}

function isNamedSecret(value: Record<string, unknown>): boolean {
  return typeof value.name === 'string' && 'value' in value && isSecretKey(value.name)
}

function redactScalar(value: unknown, secret: boolean, redact: RedactText): unknown {
  if (typeof value === 'boolean' || value === null || value === undefined || value === '') return value
  if (secret) return mask
  if (typeof value !== 'string') return value
  return value.length > caps.text ? `${redact(value).slice(0, caps.text)}…` : redact(value)
}

function walk(value: unknown, secret: boolean, redact: RedactText, depth: number): unknown {
  if (value === null || typeof value !== 'object') return redactScalar(value, secret, redact)
  if (depth >= caps.depth) return '…'
  if (Array.isArray(value)) {
    const kept = value.slice(0, caps.items).map((item) => walk(item, secret, redact, depth + 1))
    return value.length > caps.items ? [...kept, `… (${value.length - caps.items} more)`] : kept
  }
  const record = value as Record<string, unknown>
  const named = isNamedSecret(record)
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(record).slice(0, caps.items)) {
    const hides = isSecretKey(key) || (named && key === 'value')
    const redacted = walk(record[key], hides, redact, depth + 1)
    Object.defineProperty(result, key, { value: redacted, writable: true, enumerable: true, configurable: true })
  }
  return result
}

/**
 * A copy of JSON data in which scalars below keys that announce a secret, known secrets and credentials in texts are masked;
 * texts, lists and depth are capped. Booleans, null and empty texts stay.
 */
export function redactDeep(json: unknown, options: RedactOptions = {}): unknown {
  return walk(json, false, textRedactor(options.knownSecrets), 0)
}

/** A copy of JSON data of our own making in which only texts are masked, by what they say and not by their keys. */
export function redactTexts<T>(json: T, knownSecrets: Iterable<string>): T {
  return mapTexts(json, textRedactor(knownSecrets)) as T
}

function mapTexts(value: unknown, redact: RedactText): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, redact))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, redact)]))
}
