interface SchemaNode {
  description?: string
  properties?: Record<string, SchemaNode>
  additionalProperties?: SchemaNode | boolean
  items?: SchemaNode
  anyOf?: SchemaNode[]
}

/** Every form that the value at `path` may have, from the root of a JSON Schema. */
function formsAt(schema: SchemaNode, path: readonly PropertyKey[]): SchemaNode[] {
  const forms = (node: SchemaNode): SchemaNode[] => [node, ...(node.anyOf ?? []).flatMap(forms)]
  return path.reduce<SchemaNode[]>(
    (nodes, step) => nodes.flatMap((node) => below(node, step).flatMap(forms)),
    forms(schema),
  )
}

function below({ properties, additionalProperties, items }: SchemaNode, step: PropertyKey): SchemaNode[] {
  if (typeof step === 'number') return items ? [items] : []
  const own = properties && Object.hasOwn(properties, step) ? properties[String(step)] : undefined
  if (own) return [own]
  return typeof additionalProperties === 'object' ? [additionalProperties] : []
}

/** What to do about a key that the map at `path` does not know; nothing where no keys are known. */
export function suggestKeys(schema: SchemaNode, path: readonly PropertyKey[]): string | undefined {
  const keys = new Set(formsAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {})))
  return keys.size === 0 ? undefined : `Known there: ${[...keys].join(', ')}.`
}

/** What the value at `path`, or the nearest above it that is described, is for. */
export function suggestUse(schema: SchemaNode, path: readonly PropertyKey[]): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const described = formsAt(schema, path.slice(0, length)).find(({ description }) => description !== undefined)
    if (described) return `${String(path[length - 1])}: ${described.description}.`
  }
  return undefined
}
