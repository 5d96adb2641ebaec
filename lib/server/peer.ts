/**
 * Header in which our HTTP server says who connected: a secret of this process, whether a proxy stands between (`direct` or
 * `proxied`), and the address.
 */
export const peerHeader = 'x-wheelhouse-peer'

const slot = Symbol.for('wheelhouse.peer-secret')
const shared = globalThis as { [slot]?: string }

/** Called once by the HTTP server; nobody outside the process can then claim an address. */
export function providePeerSecret(secret: string): void {
  shared[slot] = secret
}

/** The request came straight from this machine, not through a proxy. */
export function isLoopback(request: Request): boolean {
  const { direct, address } = peerOf(request)
  return direct && (address === '::1' || address.startsWith('127.'))
}

/** How a browser names itself is shown, and cut here. */
const longestUserAgent = 300

/** Who asks, as far as it is known: shown with a session, and counted by when passwords are tried. */
export function clientOf(request: Request): { address: string; userAgent: string } {
  const userAgent = (request.headers.get('user-agent') ?? '').slice(0, longestUserAgent)
  return { address: peerOf(request).address, userAgent }
}

function peerOf(request: Request): { direct: boolean; address: string } {
  const secret = shared[slot]
  const [given, way, address = ''] = request.headers.get(peerHeader)?.split(' ', 3) ?? []
  if (!secret || given !== secret) return { direct: false, address: '' }
  return { direct: way === 'direct', address: address.replace(/^::ffff:/, '') }
}
