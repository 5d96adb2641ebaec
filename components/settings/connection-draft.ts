import type { Connection, changeConnection } from '#lib/api/connection.ts'
import type { InputOf } from '#lib/api/endpoint.ts'

type Body = InputOf<typeof changeConnection>['body']
export type CredentialKind = Body['credential']['kind']

/** What stands in the form. */
export interface ConnectionDraft {
  url: string
  branch: string
  kind: CredentialKind
  username: string
  appId: string
  /** Password, token or PEM. */
  secret: string
}

export function draftOf({ entered, branch }: Connection): ConnectionDraft {
  const kind = entered && entered.credential.kind !== 'none' ? 'keep' : 'none'
  return { url: entered?.url ?? '', branch, kind, username: '', appId: '', secret: '' }
}

export const isSsh = (url: string): boolean => /^(ssh:\/\/|[\w.+-]+@[\w.-]+:)/i.test(url.trim())

/** Where a credential would be sent; undefined = that cannot be told yet. */
export function hostOf(url: string): string | undefined {
  const text = url.trim()
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text).host : undefined
}

/** The kept credential is for one host alone. */
export function canKeep({ entered }: Connection, url: string): boolean {
  return entered !== undefined && entered.credential.kind !== 'none' && entered.host === hostOf(url)
}

/** What is still missing, in words for the button; undefined = nothing. */
export function missingIn({ url, branch, kind, username, appId, secret }: ConnectionDraft): string | undefined {
  if (url.trim() === '' || branch.trim() === '') return 'Address and branch are needed.'
  if (isSsh(url)) return undefined
  if (kind === 'password' && (username.trim() === '' || secret === '')) return 'User and password are needed.'
  if (kind === 'github-token' && secret.trim() === '') return 'The token is needed.'
  if (kind === 'github-app' && (appId.trim() === '' || secret.trim() === '')) return 'Id and key of the App are needed.'
  return undefined
}

export function bodyOf({ url, branch, kind, username, appId, secret }: ConnectionDraft): Body {
  const place = { url: url.trim(), branch: branch.trim() }
  if (isSsh(url)) return { ...place, credential: { kind: 'none' } }
  switch (kind) {
    case 'keep':
    case 'none':
      return { ...place, credential: { kind } }
    case 'password':
      return { ...place, credential: { kind, username: username.trim(), password: secret } }
    case 'github-token':
      return { ...place, credential: { kind, token: secret.trim() } }
    case 'github-app':
      return { ...place, credential: { kind, appId: appId.trim(), key: secret.trim() } }
  }
}
