import { Fault } from '../fault/index.ts'
import { sshHostOf } from '../ssh/index.ts'

/** Where a repository is that somebody entered on a page. */
export interface EnteredAddress {
  url: string
  /** With its port, where that is not the usual one: what a credential is bound to. */
  host: string
  by: 'ssh' | 'https' | 'http'
}

/**
 * Reads an address for which a page may have the worker sign in: `https://`, `http://`, `ssh://`, `user@host:path`. Paths on
 * the worker's disk are for who starts it to name; credentials have their own fields. Throws Fault `invalid`.
 */
export function readEnteredAddress(text: string): EnteredAddress {
  const url = text.trim()
  if (/[\s\0]/.test(url) || url.startsWith('-')) throw refused()
  const sshHost = sshHostOf(url)
  if (sshHost !== undefined) {
    if (sshHost.startsWith('-') || /^[^@]*@[^:]*:-/.test(url)) throw refused()
    if (URL.canParse(url) && new URL(url).password !== '') throw withCredentials()
    return { url, host: sshHost, by: 'ssh' }
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const by = parsed?.protocol.slice(0, -1)
  if (!parsed || parsed.hostname === '' || (by !== 'https' && by !== 'http')) throw refused()
  if (parsed.username !== '' || parsed.password !== '') throw withCredentials()
  return { url: parsed.href, host: parsed.host, by }
}

function refused(): Fault {
  return new Fault('invalid', 'This is no address of a repository that can be connected here.', {
    suggestion: 'Use https://… or git@host:path. A path on the worker is named by WHEELHOUSE_REPOSITORY.',
  })
}

function withCredentials(): Fault {
  return new Fault('invalid', 'The address holds a credential.', {
    suggestion: 'Leave it out of the address, and enter it in its own field.',
  })
}
