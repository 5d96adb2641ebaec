/** One object of a manifest before and after. */
export interface ManifestPart {
  kind: string
  name: string
  namespace?: string
  before: string
  after: string
}

interface Document {
  kind: string
  name: string
  namespace?: string
  text: string
}

const field = (text: string, pattern: RegExp): string | undefined =>
  pattern.exec(text)?.[1]?.replace(/^["']|["']$/g, '')

function documentsOf(manifest: string): Document[] {
  return manifest
    .split(/^---.*$/m)
    .map((text) => text.replace(/^(?:\s*#.*\n|\s*\n)+/, ''))
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const metadata = field(text, /^metadata:\n((?:[ \t]+.*\n?)*)/m) ?? ''
      return {
        kind: field(text, /^kind:\s*(\S+)/m) ?? 'Unknown',
        name: field(metadata, /^ {2}name:\s*(\S+)/m) ?? '',
        namespace: field(metadata, /^ {2}namespace:\s*(\S+)/m),
        text,
      }
    })
}

/** The objects of two manifests, paired by kind, namespace and name; changed ones first, then in order of appearance. */
export function partsOf(before: string, after: string): ManifestPart[] {
  const parts = new Map<string, ManifestPart>()
  for (const side of ['before', 'after'] as const) {
    for (const { kind, name, namespace, text } of documentsOf(side === 'before' ? before : after)) {
      const id = `${kind}/${namespace ?? ''}/${name}`
      const part = parts.get(id) ?? { kind, name, namespace, before: '', after: '' }
      parts.set(id, { ...part, [side]: part[side] + text })
    }
  }
  const all = [...parts.values()]
  return [...all.filter((part) => part.before !== part.after), ...all.filter((part) => part.before === part.after)]
}
