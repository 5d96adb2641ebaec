import { Field, Input } from '../ui/field.tsx'

/** What a person calls themselves. */
export function NameField({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  return (
    <Field label="Name" hint="Commits and the audit trail call you so.">
      {(parts) => (
        <Input
          {...parts}
          autoComplete="name"
          maxLength={100}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}
