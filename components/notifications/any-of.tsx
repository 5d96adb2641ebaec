'use client'

import { classNames } from '../ui/class-names.ts'

/** Some of many; none chosen = whatever it is. */
export function AnyOf({
  label,
  all,
  words = (value) => value,
  chosen,
  onChange,
}: {
  label: string
  all: readonly string[]
  words?: (value: string) => string
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  if (all.length === 0) return null
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value])
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-xs font-medium text-muted">
        {label}{' '}
        <span className="font-normal text-faint">{chosen.length === 0 ? 'any' : `${chosen.length} chosen`}</span>
      </legend>
      <span className="flex max-h-40 flex-wrap gap-1 overflow-y-auto p-0.5">
        {all.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={chosen.includes(value)}
            onClick={() => toggle(value)}
            className={classNames(
              'inline-flex h-6 items-center rounded-full px-2 text-2xs font-[550]',
              chosen.includes(value) ? 'bg-brass-wash text-brass-ink' : 'bg-sunken text-muted hover:text-fg',
            )}
          >
            {words(value)}
          </button>
        ))}
      </span>
    </fieldset>
  )
}
