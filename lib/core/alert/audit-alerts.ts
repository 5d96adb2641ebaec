import type { AlertVerdict, WantedAlert } from './types.ts'

export const auditScope = 'audit '

export interface AuditState {
  /** The chain did not contain what Git had anchored. */
  gap: string | undefined
  /** Why it could not be anchored. */
  problem: { kind: 'only-observed' | 'git' | 'broken-chain'; reason: string } | undefined
}

/** Incidents of the audit trail itself. */
export function auditAlerts({ gap, problem }: AuditState): AlertVerdict {
  const wanted: WantedAlert[] = []
  const alert = (kind: string, severity: WantedAlert['severity'], title: string, detail: string, nextStep: string) =>
    wanted.push({ key: `${auditScope}${kind}`, kind, severity, title, detail, nextStep })
  if (gap !== undefined)
    alert(
      'audit-gap',
      'critical',
      'The audit trail lacks rows that Git knows of',
      gap,
      'Find out whether the database was restored or changed by hand; earlier exports tell what is missing.',
    )
  if (problem?.kind === 'broken-chain')
    alert(
      'audit-broken',
      'critical',
      'The audit trail was changed',
      problem.reason,
      'Compare it with an export made earlier, and find out who can write to the database.',
    )
  if (problem?.kind === 'git')
    alert(
      'audit-not-anchored',
      'warning',
      'The audit trail is not anchored in Git',
      problem.reason,
      'Allow pushes of refs/wheelhouse/audit, or check that the Git host can be reached.',
    )
  return { wanted, kept: [] }
}
