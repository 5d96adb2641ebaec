import { operations, type OperationName } from './operations.ts'

export interface FoundOperation {
  operation: OperationName
  params: Record<string, string>
}

/** The operation of a call, by its path below the API's address; undefined = none that the product is known to use. */
export function findOperation(method: string, path: string): FoundOperation | undefined {
  for (const operation of operations) {
    const [ownMethod, template = ''] = operation.split(' ')
    const match = ownMethod === method ? patternOf(template).exec(path) : null
    if (!match) continue
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
    return { operation, params: Object.fromEntries(params) as Record<string, string> }
  }
  return undefined
}

/** Names of refs and branches hold slashes, escaped or not. */
function patternOf(template: string): RegExp {
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    return name === 'ref' || name === 'branch' ? `(?<${name}>.+?)` : `(?<${name}>[^/]+)`
  })
  return new RegExp(`^${pattern}$`)
}
