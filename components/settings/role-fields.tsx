'use client'

import type { Roles } from '#lib/api/people.ts'
import { roles as allRoles, type Role } from '#lib/core/access/index.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { Glyph } from '../ui/glyph.tsx'

const does: Record<Role, string> = {
  viewer: 'sees what runs and why',
  deployer: 'also deploys, holds and rolls back',
  approver: 'also approves promotions and consents to deletions',
  admin: 'also has settings, people and tokens, if it is for all environments',
}

/** Role by environment, each line changed or taken away. */
export function RoleFields({ value, onChange }: { value: Roles; onChange: (roles: Roles) => void }) {
  const matrix = useMatrix().data
  const known = [
    '*',
    ...(matrix?.environments.map(({ name }) => name) ?? []),
    ...(matrix?.apart.map(({ environment }) => environment.name) ?? []),
  ]
  const places = [...new Set([...known, ...Object.keys(value)])]
  const free = places.filter((place) => !(place in value))
  const without = (place: string): Roles => Object.fromEntries(Object.entries(value).filter(([key]) => key !== place))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-xs font-medium text-muted">Roles</legend>
      {Object.entries(value).map(([place, role]) => (
        <div key={place} className="flex flex-wrap items-center gap-2">
          <Select
            aria-label={`Role in ${placeWords(place)}`}
            value={role}
            onChange={(event) => onChange({ ...value, [place]: event.target.value as Role })}
          >
            {allRoles.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
          <span className="text-sm">in {placeWords(place)}</span>
          <Button
            kind="quiet"
            size="icon"
            className="ml-auto"
            aria-label={`Take away the role in ${placeWords(place)}`}
            onClick={() => onChange(without(place))}
          >
            <Glyph name="cross" />
          </Button>
          <span className="basis-full text-xs text-faint">{does[role]}</span>
        </div>
      ))}
      {Object.keys(value).length === 0 && (
        <p className="text-sm text-muted">No role: they can sign in and see nothing.</p>
      )}
      {free.length > 0 && (
        <Select
          aria-label="Add a role"
          value=""
          onChange={(event) => onChange({ ...value, [event.target.value]: 'viewer' })}
        >
          <option value="" disabled>
            Add a role in …
          </option>
          {free.map((place) => (
            <option key={place} value={place}>
              {placeWords(place)}
            </option>
          ))}
        </Select>
      )}
    </fieldset>
  )
}

const placeWords = (place: string): string => (place === '*' ? 'all environments' : place)
