'use client'

import { useState } from 'react'
import type { Token } from '#lib/api/tokens.ts'
import { useMatrix } from '../environments/use-matrix.ts'
import { Button } from '../ui/button.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useCreateToken } from './use-tokens.ts'

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Token['role']>('viewer')
  const [days, setDays] = useState(90)
  const [environments, setEnvironments] = useState<readonly string[]>([])
  const create = useCreateToken()
  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`Token ${create.data.token.name}`}
        footer={<Button onClick={onClose}>I have copied it</Button>}
      >
        <div className="grid gap-3 px-5 py-4">
          <p>This secret is shown once. Keep it like a password; whoever has it acts in your name.</p>
          <CommandLine command={create.data.secret} label="Copy the secret" />
        </div>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title="New token"
      button="Make the token"
      busy={create.isPending}
      blocked={name.trim() === '' && 'Name it first.'}
      onSend={() =>
        create.mutate({
          name: name.trim(),
          role,
          expiresInDays: days,
          ...(environments.length > 0 && { environments: [...environments] }),
        })
      }
      onClose={onClose}
    >
      <Field label="Name" hint="What will use it.">
        {(parts) => (
          <Input
            {...parts}
            required
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
            placeholder="ci"
          />
        )}
      </Field>
      <Field label="Role">
        {(parts) => (
          <Select {...parts} value={role} onChange={(event) => setRole(event.target.value as Token['role'])}>
            {['viewer', 'deployer', 'approver', 'admin'].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </Select>
        )}
      </Field>
      <TokenPlaces value={environments} onChange={setEnvironments} />
      <Field label="Ends after">
        {(parts) => (
          <Select {...parts} value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {[7, 30, 90, 365].map((one) => (
              <option key={one} value={one}>
                {one} days
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormDialog>
  )
}

/** None chosen = everywhere. */
function TokenPlaces({
  value,
  onChange,
}: {
  value: readonly string[]
  onChange: (environments: readonly string[]) => void
}) {
  const matrix = useMatrix().data
  const names = [...(matrix?.environments ?? []), ...(matrix?.apart.map(({ environment }) => environment) ?? [])].map(
    ({ name }) => name,
  )
  if (names.length === 0) return null
  const toggle = (name: string) =>
    onChange(value.includes(name) ? value.filter((one) => one !== name) : [...value, name])
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-xs font-medium text-muted">Only in</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1.5">
        {names.map((name) => (
          <label key={name} className="flex items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="size-3.5 accent-brass"
              checked={value.includes(name)}
              onChange={() => toggle(name)}
            />
            {name}
          </label>
        ))}
      </div>
      <p className="text-xs text-faint">
        {value.length === 0
          ? 'None chosen: wherever you may.'
          : 'It can then do nothing outside, such as settings and people.'}
      </p>
    </fieldset>
  )
}
