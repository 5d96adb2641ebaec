'use client'

import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

/** One of a few, all in sight. */
export function Segmented<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T
  options: readonly { value: T; label: ReactNode; name?: string }[]
  onChange: (value: T) => void
}) {
  return (
    <fieldset aria-label={label} className="inline-flex min-w-0 flex-wrap gap-1">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          aria-label={option.name}
          onClick={() => onChange(option.value)}
          className={classNames(
            'inline-flex h-6 items-center gap-1 rounded-full px-2 text-2xs font-[550]',
            option.value === value ? 'bg-brass-wash text-brass-ink' : 'bg-sunken text-muted hover:text-fg',
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  )
}
