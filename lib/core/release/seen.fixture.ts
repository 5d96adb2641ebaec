import { readHelmRelease } from './read-helm-release.ts'
import type { DesiredRelease, HelmRevisionMeta, HelmStatus, ReleaseAction, ReleaseSeen } from './types.ts'

export const now = 1_000_000_000
export const [wanted, older] = ['a'.repeat(40), 'b'.repeat(40)]

export function desired(change: Partial<DesiredRelease> = {}): DesiredRelease {
  const metadata = { name: 'podinfo-dev', namespace: 'dev' }
  const spec = { chart: { path: 'charts/podinfo' } }
  const object = { apiVersion: 'helm.fluxcd.io/v1', kind: 'HelmRelease', metadata, spec }
  const place = { path: 'releases/dev/podinfo.yaml', blob: 'b', line: 1, range: [0, 1] as const, digest: 'document-1' }
  const { release } = readHelmRelease(
    { id: 'dev:helmrelease/podinfo-dev', object, ...place },
    { find: () => undefined },
  )
  if (!release) throw new Error('The fixture is no release.')
  return { ...release, ...change }
}

export const revision = (
  number: number,
  status: HelmStatus,
  more: Partial<HelmRevisionMeta> = {},
): HelmRevisionMeta => ({
  revision: number,
  status,
  modifiedAt: now - 1_000,
  ...more,
})
export type Attempt = NonNullable<ReleaseSeen['lastAttempt']>
export const attempt = (outcome: Attempt['outcome'], more: Partial<Attempt> = {}): Attempt => ({
  id: 'try-1',
  inputs: wanted,
  outcome,
  failures: 1,
  endedAt: now - 1_000,
  operation: 'op-1',
  ...more,
})
export const ours = { operation: 'op-1', attempt: 'try-1', inputs: wanted }

export const base: ReleaseSeen = {
  desired: desired(),
  mode: 'act',
  chart: { kind: 'ready', digest: 'c', version: '0.2.0' },
  values: { kind: 'ready', digest: 'v' },
  inputs: wanted,
  namespaceExists: true,
  waitingFor: [],
  history: [revision(3, 'deployed', { inputs: wanted })],
  baseline: { revision: 3, inputs: wanted },
  lastAppliedDocumentDigest: 'document-1',
}
export const old = { revision: 3, inputs: older }
export const locked = {
  automated: true,
  ignored: false,
  filters: {},
  refused: {},
  locked: { user: 'ann', message: 'audit' },
}
export const problem = { code: 'x', severity: 'error' as const, message: 'm' }
export const retrying = desired({ install: { retries: 2, after: 'leave' }, upgrade: { retries: 2, after: 'leave' } })
export const rolling = desired({ upgrade: { retries: 0, after: 'rollback' } })
export const failed = [revision(4, 'failed', ours), revision(3, 'deployed', { inputs: older })]

type Expected = Partial<ReleaseAction> | { problem: { code: string } }
export type Row = [
  label: string,
  seen: Partial<ReleaseSeen>,
  want: Expected & { kind: ReleaseAction['kind'] },
  says?: string,
]
