/** Below this everything is ours; people and protection rules can tell by it. */
const prefix = 'wheelhouse/'

/** What is proposed together. */
export type ProposalScope =
  /** One pull request per environment (§9.28); '' = what belongs to none. */
  | { kind: 'environment'; environment: string }
  | { kind: 'promotion'; environment: string; promotion: string }
  /** A file that somebody wrote as a whole. */
  | { kind: 'file'; write: string }

/** Branch of a scope: the same for the same scope, a name that Git takes, and no other scope's. */
export function branchOf(scope: ProposalScope): string {
  switch (scope.kind) {
    case 'environment':
      return `${prefix}environment/${scope.environment === '' ? '=' : plain(scope.environment)}`
    case 'promotion':
      return `${prefix}promotion/${plain(scope.environment)}/${plain(scope.promotion)}`
    case 'file':
      return `${prefix}file/${plain(scope.write)}`
  }
}

/** Names that differ stay different: what a ref may not hold is written as its code. */
function plain(name: string): string {
  const safe = name.replaceAll(/[^a-zA-Z0-9-]/gu, (sign) =>
    sign === '.' || sign === '_' ? sign : `=${sign.codePointAt(0)?.toString(16)}=`,
  )
  return safe
    .replaceAll('..', '.=2e=')
    .replace(/^\./, '=2e=')
    .replace(/(\.lock)$|\.$/, (end) => `=2e=${end.slice(1)}`)
}
