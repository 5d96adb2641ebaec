import { calledFunctions, replaceCalls } from './template-actions.ts'
import type { Risk } from './types.ts'

/** Template functions whose answer may be another one next time (Sprig, Helm). */
const changing = [
  'randAlphaNum',
  'randAlpha',
  'randNumeric',
  'randAscii',
  'randBytes',
  'randInt',
  'uuidv4',
  'genPrivateKey',
  'genCA',
  'genCAWithKey',
  'genSelfSignedCert',
  'genSelfSignedCertWithKey',
  'genSignedCert',
  'genSignedCertWithKey',
  'bcrypt',
  'htpasswd',
  'encryptAES',
  'shuffle',
  'now',
  'ago',
  'getHostByName',
  'lookup',
] as const

/** They answer the same each time, in any order. */
const unordered = ['keys', 'values'] as const

/** A text that templates are made of. */
export interface Template {
  /** As in Helm's `# Source:` comment: `podinfo/templates/secret.yaml`; `spec.values` for the values of the resource. */
  path: string
  text: string
}

/** What a chart says again, and what it says were each function that may change its answer to fail. */
export interface SecondLook {
  /** The same rendering once more. */
  again: string
  withFailing: { kind: 'rendered'; manifest: string } | { kind: 'failed'; message: string }
}

/** What is rendered beside the manifest: notes, and the hooks of `helm test`. */
const isBesideManifest = (path: string): boolean => /(^|\/)templates\/(tests\/|(.*\/)?[^/]*NOTES\.txt$)/.test(path)

/** Texts that name, outside of comments and strings, a function that may answer differently next time. */
export function suspectTemplates(templates: readonly Template[]): Template[] {
  return templates.filter(
    ({ path, text }) => !isBesideManifest(path) && calledFunctions(text, [...changing, ...unordered]).length > 0,
  )
}

/** A text of a chart with a call that fails in the place of each that may answer differently next time. */
export function withFailingCalls(text: string, path = ''): string {
  return isBesideManifest(path) ? text : replaceCalls(text, changing, 'fail')
}

/**
 * Why a prediction cannot be trusted: two renderings of the same inputs differ (`refused`), or a function was called that
 * may answer differently later, although both renderings agree (a mark). Each names the functions and where they stand.
 * What is named and never called is neither.
 */
export function findUnstable(
  first: string,
  { again, withFailing }: SecondLook,
  suspects: readonly Template[],
): { refused: Risk[]; marks: Risk[] } {
  const message = withFailing.kind === 'failed' ? withFailing.message : undefined
  if (first !== again) return { refused: refusals(differingSources(first, again), suspects, message), marks: [] }
  if (withFailing.kind === 'rendered' && withFailing.manifest === withFailingCalls(first))
    return { refused: [], marks: [] }
  const called = whereItFailed(suspects, message) ?? suspects
  return { refused: [], marks: named(called, changing).map((suspect) => mark(suspect)) }
}

/** Each suspect with those of the functions that it names, if it names any. */
function named(suspects: readonly Template[], names: readonly string[]) {
  return suspects.flatMap(({ path, text }) => {
    const functions = calledFunctions(text, names)
    return functions.length > 0 ? [{ path, functions }] : []
  })
}

function refusals(differing: ReadonlySet<string>, suspects: readonly Template[], message: string | undefined): Risk[] {
  const within = suspects.filter(({ path }) => differing.has(path))
  const guilty = within.length > 0 ? within : (whereItFailed(suspects, message) ?? suspects)
  const refused = named(guilty, [...changing, ...unordered]).map(({ path, functions }): Risk => ({
    kind: 'unstable',
    subject: path,
    says: `${path} uses ${functions.join(', ')}: each rendering is another one, so none can be approved.`,
  }))
  if (refused.length > 0) return refused
  const [subject = ''] = differing
  return [{ kind: 'unstable', subject, says: 'Two renderings of the same chart and values differ.' }]
}

function mark({ path, functions }: { path: string; functions: string[] }): Risk {
  return {
    kind: 'unstable',
    subject: path,
    says: `${path} uses ${functions.join(', ')}: what is deployed later may differ from this plan.`,
  }
}

/** The line that Helm names last, innermost, as `path:line:column`; undefined where that is none of the suspects. */
function whereItFailed(suspects: readonly Template[], message = ''): Template[] | undefined {
  const [, path, line] = [...message.matchAll(/([^\s:()"]+):(\d+):\d+/g)].at(-1) ?? []
  const file = suspects.find((suspect) => suspect.path === path)
  if (!file) return undefined
  const text = file.text.split('\n')[Number(line) - 1] ?? ''
  // An action of several lines is named by one of them.
  return [calledFunctions(text, changing).length > 0 ? { path: file.path, text } : file]
}

/** Sources of the documents that are not the same in both. */
function differingSources(first: string, second: string): Set<string> {
  const [a, b] = [documentsBySource(first), documentsBySource(second)]
  const sources = new Set([...a.keys(), ...b.keys()])
  return new Set([...sources].filter((source) => a.get(source) !== b.get(source)))
}

function documentsBySource(manifest: string): Map<string, string> {
  const bySource = new Map<string, string>()
  for (const document of manifest.split(/^---\s*$/m)) {
    const source = /^# Source: (.+)$/m.exec(document)?.[1] ?? ''
    bySource.set(source, (bySource.get(source) ?? '') + document)
  }
  return bySource
}
