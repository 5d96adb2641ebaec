import { Field, Input, Textarea } from '../ui/field.tsx'

interface FieldOf {
  value: string
  onChange: (value: string) => void
}

/** Why something is held; the hold says it to whoever comes next. */
export function WhyField({ hint, placeholder, value, onChange }: FieldOf & { hint: string; placeholder: string }) {
  return (
    <Field label="Why" hint={hint}>
      {(parts) => (
        <Textarea
          {...parts}
          required
          value={value}
          maxLength={500}
          onChange={(event) => onChange(event.target.value)}
          placeholder={placeholder}
        />
      )}
    </Field>
  )
}

/** Until when, by the clock of the person; empty = without end. */
export function UntilField({ label, value, onChange }: FieldOf & { label: string }) {
  return (
    <Field label={label} hint="May stay empty. An expired hold is told; a person lifts it.">
      {(parts) => (
        <Input {...parts} type="datetime-local" value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  )
}
