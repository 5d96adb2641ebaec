import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '#lib/core/fault/index.ts'
import type { SshJob } from './ssh-job.ts'

/** What authenticates us at the Git host. */
export interface GitIdentity {
  /** What ssh is given for one command; without it nothing proves us. */
  ssh?: Pick<SshJob, 'keyFiles' | 'knownHostsFile' | 'strict'>
  username?: string
  password?: string
}

/** A repository address without credentials, and what Git may use to reach it. */
export interface GitAddress {
  url: string
  kind: 'http' | 'ssh' | 'local'
  /** For GIT_ALLOW_PROTOCOL: exactly the one in use, so that no server can talk us into another. */
  allowedProtocols: string
  /** Credentials that stood in the address. */
  username?: string
  password?: string
}

/**
 * Reads `https://`, `http://`, `ssh://`, `user@host:path`, `file://` or an absolute path.
 * Throws Fault `invalid` for everything else, `ext::` helpers and option-like parts among it.
 */
export function parseGitAddress(written: string): GitAddress {
  const text = written.trim()
  if (text.length > 2000 || /[\s\0]/.test(text) || text.startsWith('-')) throw refused()
  if (isAbsolute(text)) return { url: text, kind: 'local', allowedProtocols: 'file' }
  const scp = /^(?:[\w.+-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(text)
  if (scp?.[1] && !scp[1].startsWith('-') && !scp[2]?.startsWith('-')) {
    return { url: text, kind: 'ssh', allowedProtocols: 'ssh' }
  }
  if (!URL.canParse(text)) throw refused()
  return fromUrl(new URL(text))
}

function fromUrl(url: URL): GitAddress {
  if (url.protocol === 'file:') {
    if (url.host !== '') throw refused()
    return { url: fileURLToPath(url), kind: 'local', allowedProtocols: 'file' }
  }
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) throw refused()
  if (url.protocol === 'ssh:') {
    url.password = ''
    return { url: url.href, kind: 'ssh', allowedProtocols: 'ssh' }
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused()
  const username = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  url.username = ''
  url.password = ''
  const address: GitAddress = { url: url.href, kind: 'http', allowedProtocols: url.protocol.slice(0, -1) }
  return username === '' && password === '' ? address : { ...address, username, password }
}

function refused(): Fault {
  return new Fault('invalid', 'This is not an address of a Git repository that can be used.', {
    suggestion: 'Use https://, ssh://, user@host:path, or the absolute path of a local bare repository.',
  })
}
