import type { Roles } from '#lib/api/people.ts'
import { Chip } from '../ui/chip.tsx'

/** `admin`, `deployer in dev`; what holds everywhere first. */
export function RoleChips({ roles }: { roles: Roles }) {
  const held = Object.entries(roles).sort(([a], [b]) => Number(b === '*') - Number(a === '*') || a.localeCompare(b))
  if (held.length === 0) return <span className="text-xs text-faint">no role yet</span>
  return (
    <span className="flex flex-wrap gap-1.5">
      {held.map(([environment, role]) => (
        <Chip key={environment} tone={role === 'admin' ? 'brass' : 'plain'}>
          {role}
          {environment === '*' ? '' : ` in ${environment}`}
        </Chip>
      ))}
    </span>
  )
}
