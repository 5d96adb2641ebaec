import type { Risk } from './types.ts'

/** Template functions whose answer is another one next time (Sprig, Helm). */
const random = [
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

const actions = /\{\{-?\s*(?!\/\*)([\s\S]*?)-?\}\}/g
const strings = /"(?:[^"\\]|\\.)*"|`[^`]*`/g

/** Functions of this text's template actions that may answer differently next time; comments and strings do not count. */
export function unstableFunctions(template: string): string[] {
  const found = new Set<string>()
  for (const [, action = ''] of template.matchAll(actions)) {
    const words = new Set(action.replaceAll(strings, ' ').split(/[^A-Za-z0-9_.$]+/))
    for (const name of random) if (words.has(name)) found.add(name)
  }
  return [...found].sort()
}

export interface Template {
  /** As in Helm's `# Source:` comment: `podinfo/templates/secret.yaml`. */
  path: string
  text: string
}

/**
 * Why a prediction cannot be trusted: two renderings of the same inputs differ (`refused`), or a template asks for what changes
 * by itself, although both renderings agree (a mark). Each names the functions and where they stand.
 */
export function findUnstable(
  first: string,
  second: string,
  templates: readonly Template[],
): { refused: Risk[]; marks: Risk[] } {
  const suspects = templates.flatMap(({ path, text }) => {
    const functions = unstableFunctions(text)
    return functions.length > 0 ? [{ path, functions }] : []
  })
  if (first === second) return { refused: [], marks: suspects.map((suspect) => mark(suspect)) }
  const differing = differingSources(first, second)
  const named = suspects.filter(({ path }) => differing.has(path) || path.endsWith('.tpl'))
  const refused = (named.length > 0 ? named : suspects).map(({ path, functions }): Risk => ({
    kind: 'unstable',
    subject: path,
    says: `${path} uses ${functions.join(', ')}: each rendering is another one, so none can be approved.`,
  }))
  if (refused.length > 0) return { refused, marks: [] }
  const [subject = ''] = differing
  return {
    refused: [{ kind: 'unstable', subject, says: 'Two renderings of the same chart and values differ.' }],
    marks: [],
  }
}

function mark({ path, functions }: { path: string; functions: string[] }): Risk {
  return {
    kind: 'unstable',
    subject: path,
    says: `${path} uses ${functions.join(', ')}: what is deployed later may differ from this plan.`,
  }
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
