import type { Identity } from './types.ts'

/** One account, or one address: whoever wrote a commit is known by address alone. */
export function samePerson(a: Identity, b: Identity): boolean {
  if (a.person !== undefined && a.person === b.person) return true
  const addresses = new Set(a.emails.map(normal).filter((email) => email !== ''))
  return b.emails.some((email) => addresses.has(normal(email)))
}

function normal(email: string): string {
  return email.trim().toLowerCase()
}
