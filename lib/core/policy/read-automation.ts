import { isValidTag } from '../image/index.ts'
import type { Problem } from '../problem/index.ts'
import type { Automation } from '../release/types.ts'
import { misspeltKeys } from './annotation-problems.ts'
import { parsePolicy } from './parse-policy.ts'
import { holdUntilKey, readPolicy, readPolicyKey, refusePrefix, spellings } from './policy-key.ts'

type Annotations = Readonly<Record<string, string>>
type Filters = Automation['filters']

/**
 * What the annotations of one document say about automation (§1, §9.1, §9.11).
 *
 * The problems returned are warnings: they never block the release. What must not be automated has `ok: false` in
 * `filters` — also a container without a filter of its own where a misspelt or stray key may have been meant for it.
 */
export function readAutomation(
  annotations: Annotations,
  containerNames: readonly string[],
): { automation: Automation; problems: Problem[] } {
  const problems: Problem[] = []
  const filters = readFilters(annotations, containerNames, problems)
  const automation: Automation = {
    automated: isOn(annotations, 'automated', problems),
    ignored: isOn(annotations, 'ignore', problems),
    filters,
    refused: readRefused(annotations, containerNames, problems),
  }
  const locked = readLock(annotations, problems)
  if (locked) automation.locked = locked
  return { automation, problems }
}

function readFilters(annotations: Annotations, containerNames: readonly string[], problems: Problem[]): Filters {
  const filters: Filters = {}
  const stray: { key: string; container?: string; problem: Problem }[] = misspeltKeys(annotations)
  problems.push(...stray.map(({ problem }) => problem))
  for (const container of filteredContainers(annotations)) {
    const written = readPolicy(annotations, `tag.${container}`)
    if (!written) continue
    problems.push(...differingSpellings(annotations, container, written))
    const parsed = parsePolicy(written.value)
    filters[container] = { ...withSubject(parsed, container), written: written.value, key: written.key }
    if (!parsed.ok) problems.push({ ...parsed.problem, severity: 'warning', subject: container })
    if (containerNames.includes(container)) continue
    const problem = noSuchContainer(written.key, container, containerNames)
    problems.push(problem)
    stray.push({ key: written.key, problem })
  }
  for (const { key, container, problem } of stray) {
    const meantFor = container !== undefined && containerNames.includes(container) ? [container] : containerNames
    for (const name of meantFor) {
      const refusal = { ok: false as const, problem: { ...problem, severity: 'error' as const, subject: name } }
      if (!Object.hasOwn(filters, name)) filters[name] = { ...refusal, written: String(annotations[key]), key }
    }
  }
  return filters
}

function filteredContainers(annotations: Annotations): string[] {
  const names = Object.keys(annotations).map((key) => readPolicyKey(key))
  return [...new Set(names.flatMap((name) => (name?.startsWith('tag.') ? [name.slice('tag.'.length)] : [])))]
}

function withSubject(parsed: ReturnType<typeof parsePolicy>, container: string): ReturnType<typeof parsePolicy> {
  return parsed.ok ? parsed : { ok: false, problem: { ...parsed.problem, subject: container } }
}

function differingSpellings(
  annotations: Annotations,
  container: string,
  winner: { key: string; value: string },
): Problem[] {
  const others = spellings(`tag.${container}`).filter(
    (key) => Object.hasOwn(annotations, key) && String(annotations[key]) !== winner.value,
  )
  return others.map((key) => ({
    code: 'policy-written-twice',
    severity: 'warning',
    message: `${winner.key} and ${key} say different things; ${winner.key} counts.`,
    suggestion: `Remove ${key}.`,
    subject: container,
  }))
}

function noSuchContainer(key: string, container: string, containerNames: readonly string[]): Problem {
  const known =
    containerNames.length === 0 ? 'no image was found in its values' : `there are ${containerNames.join(', ')}`
  return {
    code: 'policy-container-unknown',
    severity: 'warning',
    message: `${key} filters the container ${container}, which does not exist (${known}).`,
    suggestion: 'Correct the container’s name or remove the annotation.',
    subject: container,
  }
}

/** Flux reads only the string "true" as on; a value that looks like it but is not is told. */
function isOn(annotations: Annotations, name: 'automated' | 'locked' | 'ignore', problems: Problem[]): boolean {
  const written = readPolicy(annotations, name)
  if (!written || written.value === 'true') return written !== undefined
  const off = ['false', '', ...(name === 'ignore' ? ['sync_only'] : [])]
  if (!off.includes(written.value)) {
    problems.push({
      code: 'policy-switch-invalid',
      severity: 'warning',
      message: `${written.key} is “${written.value.slice(0, 40)}”; only “true” turns it on.`,
      suggestion: `Write ${written.key}: "true" or remove it.`,
    })
  }
  return false
}

function readLock(annotations: Annotations, problems: Problem[]): Automation['locked'] {
  const until = Object.hasOwn(annotations, holdUntilKey) ? String(annotations[holdUntilKey]) : undefined
  const on = isOn(annotations, 'locked', problems)
  const valid = until !== undefined && isRfc3339(until)
  if (until !== undefined && !valid) {
    problems.push({
      code: 'hold-until-invalid',
      severity: 'warning',
      message: `${holdUntilKey} is no RFC 3339 time, so the hold has no end.`,
      suggestion: 'Write one such as 2026-03-01T09:00:00Z.',
    })
  }
  if (!on) {
    if (until !== undefined) problems.push(holdWithoutLock())
    return undefined
  }
  const user = readPolicy(annotations, 'locked_user')?.value
  const message = readPolicy(annotations, 'locked_msg')?.value
  return { ...(user ? { user } : {}), ...(message ? { message } : {}), ...(valid ? { until } : {}) }
}

function holdWithoutLock(): Problem {
  return {
    code: 'hold-without-lock',
    severity: 'warning',
    message: `${holdUntilKey} holds nothing without fluxcd.io/locked: "true".`,
    suggestion: 'Add fluxcd.io/locked: "true" or remove it.',
  }
}

function isRfc3339(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
    Number.isFinite(Date.parse(text))
  )
}

function readRefused(
  annotations: Annotations,
  containerNames: readonly string[],
  problems: Problem[],
): Record<string, string[]> {
  const refused: Record<string, string[]> = {}
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(refusePrefix) || key === refusePrefix) continue
    const container = key.slice(refusePrefix.length)
    const tags = String(value)
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '')
    refused[container] = tags.filter(isValidTag)
    if (!containerNames.includes(container)) problems.push(noSuchContainer(key, container, containerNames))
    for (const tag of tags.filter((text) => !isValidTag(text))) {
      const shown = tag.length <= 40 ? tag : `${tag.slice(0, 39)}…`
      problems.push({
        code: 'refused-tag-invalid',
        severity: 'warning',
        message: `${key} names “${shown}”, which is no tag.`,
        subject: container,
      })
    }
  }
  return refused
}
