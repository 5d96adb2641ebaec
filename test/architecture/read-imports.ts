/** One import of a file, as written. */
export interface Import {
  specifier: string
  /** 1-based. */
  line: number
}

const patterns: readonly RegExp[] = [
  /^[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm,
  /^[ \t]*import\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/gm,
  /\b(?:import|require)\s*\(\s*(?<quote>['"`])(?<specifier>[^'"`\n$]+)\k<quote>/g,
  /\bvi\s*\.\s*(?:mock|doMock|importActual)\s*\(\s*(?<quote>['"])(?<specifier>[^'"\n]+)\k<quote>/g,
]

/** Comments become spaces of the same length, so that lines stay where they are; texts that hold `//` (URLs) survive. */
function blankComments(text: string): string {
  return text.replaceAll(
    /(?<kept>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (found, kept?: string) => (kept === undefined ? found.replaceAll(/[^\n]/g, ' ') : found),
  )
}

/** Static, side-effect, re-exported, dynamic and required imports, in the order of the file. */
export function readImports(text: string): Import[] {
  const source = blankComments(text)
  const found = patterns.flatMap((pattern) =>
    [...source.matchAll(pattern)].map((match) => ({
      at: match.index,
      specifier: match.groups?.specifier ?? '',
    })),
  )
  return found
    .sort((a, b) => a.at - b.at)
    .map(({ at, specifier }) => {
      const line = source.slice(0, at).split('\n').length
      return { specifier, line }
    })
}
