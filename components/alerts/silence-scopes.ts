import type { Alert, Silence } from '#lib/api/alerts.ts'

type Scope = Pick<Silence, 'kind' | 'environment' | 'application' | 'release'>

/** What can be silenced out of one incident, the narrowest first. */
export function silenceScopes(alert: Alert): { words: string; scope: Scope }[] {
  const { kind, release, environment, application } = alert
  const scopes: { words: string; scope: Scope }[] = []
  if (release !== undefined)
    scopes.push(
      { words: `${kind}, of this release`, scope: { kind, release } },
      { words: 'everything of this release', scope: { release } },
    )
  if (environment !== undefined && application !== undefined)
    scopes.push({ words: `everything of ${application} in ${environment}`, scope: { environment, application } })
  if (environment !== undefined) {
    scopes.push({ words: `${kind}, anywhere in ${environment}`, scope: { kind, environment } })
    scopes.push({ words: `everything in ${environment}`, scope: { environment } })
  }
  scopes.push({ words: `${kind}, wherever it is`, scope: { kind } })
  return scopes
}
