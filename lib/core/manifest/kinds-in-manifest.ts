import { parseManifestFile } from './parse-manifest-file.ts'

/** The kinds of objects in what a chart was rendered to, each once; nothing where it cannot be read as a whole. */
export function kindsInManifest(manifest: string): string[] | undefined {
  const { documents, problems } = parseManifestFile({ path: 'manifest', text: manifest, blob: '' })
  return problems.length > 0 ? undefined : [...new Set(documents.map(({ object }) => object.kind))].sort()
}
