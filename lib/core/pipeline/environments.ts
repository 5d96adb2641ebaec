/** The directory under `releases/` that a document stands in, wherever `releases/` is; nothing for one that stands elsewhere. */
export function environmentOf(path: string): string | undefined {
  const parts = path.split('/')
  const at = parts.indexOf('releases')
  const name = at === -1 ? undefined : parts[at + 1]
  return at + 2 < parts.length && name !== '' ? name : undefined
}

/** Spellings of one stage share a place. */
const stages: readonly (readonly string[])[] = [
  ['dev', 'development'],
  ['test', 'testing', 'qa'],
  ['stg', 'stage', 'staging', 'rc'],
  ['prod', 'production'],
]

/** Place of a stage from left to right; nothing for a name that is none. */
export function stageOf(name: string): number | undefined {
  const stage = stages.findIndex((names) => names.includes(name.toLowerCase()))
  return stage === -1 ? undefined : stage
}

/** Each environment once: in the order given explicitly, then dev, test, stg, prod, then the rest by name. */
export function orderEnvironments(names: readonly string[], explicit: readonly string[] = []): string[] {
  const place = (name: string): number => {
    const index = explicit.indexOf(name)
    return index === -1 ? explicit.length : index
  }
  const stage = (name: string): number => stageOf(name) ?? stages.length
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || stage(a) - stage(b) || (a < b ? -1 : a > b ? 1 : 0))
}
