/** Header in which our HTTP server says who connected; its value starts with a secret of this process. */
export const peerHeader = 'x-wheelhouse-peer'

const slot = Symbol.for('wheelhouse.peer-secret')
const shared = globalThis as { [slot]?: string }

/** Called once by the HTTP server; nobody outside the process can then claim an address. */
export function providePeerSecret(secret: string): void {
  shared[slot] = secret
}

/** The request came straight from this machine, not through a proxy. */
export function isLoopback(request: Request): boolean {
  const secret = shared[slot]
  const value = request.headers.get(peerHeader)
  if (!secret || !value?.startsWith(`${secret} `)) return false
  const address = value.slice(secret.length + 1).replace(/^::ffff:/, '')
  return address === '::1' || address.startsWith('127.')
}
