/** Who sends to a webhook: decides how a delivery is verified and what its payload means. */
export const hookKinds = ['github', 'ghcr', 'dockerhub', 'quay', 'harbor', 'distribution', 'git'] as const
export type HookKind = (typeof hookKinds)[number]

/** How a sender proves itself: signs the body, sends the secret as a header, or has it in the address it was given. */
export type HookProof = 'signature' | 'header' | 'address'

/** Docker Hub and Quay can be given nothing but an address. */
export const hookProofs: Record<HookKind, HookProof> = {
  github: 'signature',
  ghcr: 'signature',
  git: 'header',
  distribution: 'header',
  harbor: 'header',
  dockerhub: 'address',
  quay: 'address',
}

/** What a delivery is about, as far as anybody acts on it. What it claims is only ever a sign of where to look. */
export type Told =
  | { kind: 'ping' }
  /** `repository` = `owner/name`; absent = the sender serves one repository. `commit` = what the branch stands at now. */
  | { kind: 'pushed'; repository?: string; branch?: string; commit?: string }
  | { kind: 'pull-request'; repository: string }
  /** A check, a workflow or a release somewhere: promotions may have waited for it. */
  | { kind: 'progress' }
  /** `<host>/<path>` of the image repositories that were pushed to; absent = could not be told, so all are looked at. */
  | { kind: 'images'; names?: string[] }
  | { kind: 'nothing'; because: string }

export type DeliveryVerdict = { kind: 'handled' } | { kind: 'ignored'; because: string }

/** What is looked at on account of a delivery. */
export type HookWake =
  { topic: 'fetch' } | { topic: 'promote' } | { topic: 'propose' } | { topic: 'scan'; repository: string }

export interface DeliveryDecision {
  verdict: DeliveryVerdict
  wakes: HookWake[]
}
