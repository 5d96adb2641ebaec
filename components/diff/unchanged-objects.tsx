import type { ComparedObject } from './object-diff.tsx'

/** Objects without a difference, named on demand. */
export function UnchangedObjects({ objects }: { objects: readonly Pick<ComparedObject, 'id' | 'kind' | 'name'>[] }) {
  if (objects.length === 0) return null
  return (
    <details className="border-b border-line">
      <summary className="px-4 py-2 text-xs text-muted hover:text-fg focus-visible:-outline-offset-2">
        {objects.length} unchanged {objects.length === 1 ? 'object' : 'objects'}
      </summary>
      <ul className="px-4 pb-2.5 text-xs text-muted">
        {objects.map((object) => (
          <li key={object.id}>
            {object.kind} <span className="text-fg">{object.name}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
