import { Fault } from '#lib/core/fault/index.ts'
import { hookProofs, isOneOf, isSigned } from '#lib/core/webhook/index.ts'
import type { HookKind } from '#lib/core/webhook/index.ts'
import { hookBodyBytes, readBytes } from './read-body.ts'

/**
 * The body of a delivery that proved itself. What can be turned away without reading its body is: it may be endless.
 * Throws `unauthenticated`, `too-large`.
 */
export async function provenBody(kind: HookKind, secrets: readonly string[], request: Request): Promise<Buffer> {
  const signature = request.headers.get('x-hub-signature-256')
  if (hookProofs[kind] === 'signature' || (kind === 'git' && signature !== null)) {
    if (signature === null) throw unsigned(request)
    const body = await readBytes(request, hookBodyBytes)
    if (!isSigned(body, signature, secrets)) throw refused('The signature does not fit.')
    return body
  }
  const given = hookProofs[kind] === 'address' ? inAddress(request) : inHeader(request)
  if (given === null || !isOneOf(given, secrets)) throw refused('The secret does not fit.')
  return readBytes(request, hookBodyBytes)
}

/** `Authorization: Bearer …`, or the secret alone, as Harbor sends what was entered there. */
function inHeader(request: Request): string | null {
  return request.headers.get('authorization')?.replace(/^Bearer /i, '') ?? null
}

const inAddress = (request: Request): string | null => new URL(request.url).searchParams.get('token')

function unsigned(request: Request): Fault {
  return request.headers.has('x-hub-signature')
    ? refused('It is signed with SHA-1 alone; X-Hub-Signature-256 is needed.')
    : refused('It is not signed.')
}

const refused = (message: string): Fault =>
  new Fault('unauthenticated', message, { suggestion: 'Enter the secret of this webhook at the sender.' })
