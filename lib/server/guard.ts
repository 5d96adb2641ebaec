import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { askSomewhere } from '#lib/operations/read/caller.ts'
import type { Caller } from '#lib/operations/read/caller.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { Endpoint } from '#lib/api/endpoint.ts'
import { authenticate, bearerOf } from './authenticate.ts'
import { checkOrigin } from './check-origin.ts'
import { isLoopback } from './peer.ts'
import { hookBodyBytes, readBody } from './read-body.ts'
import type { WebDeps } from './web-deps.ts'

/** Lets a request through to its handler, or throws `unauthenticated`, `forbidden`. Operations ask again. */
export async function guard(deps: WebDeps, endpoint: Endpoint, request: Request): Promise<Caller | undefined> {
  const { permission } = endpoint
  switch (permission) {
    case 'public':
      checkOrigin(deps, request)
      return undefined
    case 'hook':
      await checkHookSecret(deps.hookSecret, request)
      return undefined
    case 'own-hook':
      return undefined
    case 'metrics':
      return isLoopback(request) ? undefined : authenticate(deps, request)
    case 'signed-in':
      checkOrigin(deps, request)
      return authenticate(deps, request)
    default: {
      const caller = await authenticate(deps, request)
      checkOrigin(deps, request)
      askSomewhere(caller, permission)
      return caller
    }
  }
}

/** Same length for every text, so that the comparison takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function checkHookSecret(secret: string | undefined, request: Request): Promise<void> {
  if (secret === undefined) {
    throw new Fault('forbidden', 'Webhooks are not set up.', { suggestion: 'Set WHEELHOUSE_HOOK_SECRET.' })
  }
  const signature = request.headers.get('x-hub-signature-256')
  if (signature !== null) return checkSignature(secret, signature, request.clone())
  if (!timingSafeEqual(digest(bearerOf(request) ?? ''), digest(secret))) {
    throw new Fault('unauthenticated', 'The secret of this webhook does not fit.')
  }
}

/** As GitHub signs: HMAC of the body's bytes. */
async function checkSignature(secret: string, signature: string, request: Request): Promise<void> {
  const body = await readBody(request, hookBodyBytes)
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  if (!timingSafeEqual(digest(signature), digest(expected)))
    throw new Fault('unauthenticated', 'The signature of this webhook does not fit.')
}
