'use client'

import { passwordLength, passwordProblem } from '#lib/core/access/index.ts'
import { Field, Input } from '../ui/field.tsx'

/** Says what is wrong as soon as it is long enough to be meant. */
export function NewPasswordField({
  label,
  owner,
  value,
  onChange,
}: {
  label: string
  owner: { email: string; name: string }
  value: string
  onChange: (value: string) => void
}) {
  const meant = value.length >= passwordLength.least
  return (
    <Field
      label={label}
      hint={`At least ${passwordLength.least} characters; a few unrelated words make a good one.`}
      error={meant ? passwordProblem(value, owner) : undefined}
    >
      {(parts) => (
        <Input
          {...parts}
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
