interface Place {
  /** Ports can be compared within one of them alone. */
  protocol: 'http' | 'ssh' | 'git' | 'local'
  host: string
  port: string
  path: string
}

const usualPorts: Record<string, string> = { 'http:': '80', 'https:': '443', 'ssh:': '22', 'git:': '9418' }

/** Without the spellings that mean nothing: slashes around it, `.git` behind it. */
const plainPath = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .join('/')
    .replace(/\.git$/, '')

function placeOf(written: string): Place | undefined {
  const text = written.trim()
  if (text.startsWith('/')) return { protocol: 'local', host: '', port: '', path: plainPath(text) }
  const scp = /^(?:[\w.+-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(text)
  if (scp) return { protocol: 'ssh', host: scp[1]?.toLowerCase() ?? '', port: '', path: plainPath(scp[2] ?? '') }
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const path = plainPath(url.pathname)
  if (url.protocol === 'file:') return { protocol: 'local', host: '', port: '', path }
  const port = url.port === usualPorts[url.protocol] ? '' : url.port
  const protocol = url.protocol === 'https:' ? 'http' : url.protocol.slice(0, -1)
  if (protocol !== 'http' && protocol !== 'ssh' && protocol !== 'git') return undefined
  return { protocol, host: url.hostname.toLowerCase(), port, path }
}

/**
 * Whether two Git addresses mean one repository: the same host and path, whether by HTTPS, SSH or `user@host:path`, with or
 * without `.git`, and whoever signs in. Ports count where both speak the same protocol.
 */
export function isSameRepository(a: string, b: string): boolean {
  const [left, right] = [placeOf(a), placeOf(b)]
  if (!left || !right) return false
  if ((left.protocol === 'local') !== (right.protocol === 'local')) return false
  if (left.host !== right.host || left.path !== right.path) return false
  return left.protocol !== right.protocol || left.port === right.port
}
