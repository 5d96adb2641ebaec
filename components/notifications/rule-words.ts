import { kindWords } from '../alerts/kind-words.ts'

interface Scope {
  kinds: readonly string[]
  severities: readonly string[]
  environments: readonly string[]
  applications: readonly string[]
}

/** `Critical: release failed or unhealthy, in prod, of podinfo`; `Everything` where nothing narrows it. */
export function ruleWords({ kinds, severities, environments, applications }: Scope): string {
  const severity = severities.length === 1 ? severities[0] : undefined
  const what = kinds.length === 0 ? 'everything' : either(kinds.map(kindWords))
  const parts = [
    severity ? `${severity}: ${what}` : what,
    environments.length > 0 && `in ${either(environments)}`,
    applications.length > 0 && `of ${either(applications)}`,
  ]
  const text = parts.filter(Boolean).join(', ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
