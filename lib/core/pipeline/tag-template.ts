const placeholders = ['tag', 'rest', 'version', 'application', 'environment'] as const
type Placeholder = (typeof placeholders)[number]

/** Undefined = not known for this tag: a template that needs it names nothing. */
export type TagParts = Readonly<Record<Placeholder, string | undefined>>

const braces = /\{([^{}]*)\}/g

/** What is wrong with a template for tag names, or nothing. */
export function tagTemplateProblem(template: string): string | undefined {
  const names = [...template.matchAll(braces)].map(([, name]) => name ?? '')
  const unknown = names.find((name) => !placeholders.some((known) => known === name))
  const known = placeholders.map((name) => `{${name}}`).join(', ')
  if (unknown !== undefined) return `does not know {${unknown}}; there are ${known}`
  if (!/^[\w.-]*$/.test(template.replaceAll(braces, ''))) return 'holds characters that no tag may have'
  if (!names.some((name) => name === 'tag' || name === 'rest' || name === 'version')) {
    return 'gives every image the same tag; it needs {tag}, {rest} or {version}'
  }
  return undefined
}

/** The tag, or the name of the part that is not known here. */
export function fillTagTemplate(
  template: string,
  parts: TagParts,
): { ok: true; tag: string } | { ok: false; missing: string } {
  let missing: string | undefined
  const tag = template.replaceAll(braces, (_all, name: string) => {
    const value = parts[name as Placeholder]
    if (value === undefined) missing ??= name
    return value ?? ''
  })
  return missing === undefined ? { ok: true, tag } : { ok: false, missing }
}
