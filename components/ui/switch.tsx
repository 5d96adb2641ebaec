'use client'

import { Switch as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Tooltip } from './tooltip.tsx'

/** `blocked` says why it cannot be moved, and who could. */
export function Switch({
  label,
  checked,
  onCheckedChange,
  blocked,
}: {
  label: string
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  blocked?: ReactNode
}) {
  const control = (
    <Primitive.Root
      aria-label={label}
      aria-disabled={blocked ? true : undefined}
      checked={checked}
      onCheckedChange={(next) => {
        if (!blocked) onCheckedChange(next)
      }}
      className={classNames(
        'relative h-[18px] w-8 shrink-0 rounded-full border transition-colors duration-100 aria-disabled:opacity-60',
        checked ? 'border-brass bg-brass' : 'border-line-strong bg-sunken',
      )}
    >
      <Primitive.Thumb
        className={classNames(
          'block size-3 rounded-full transition-transform duration-100',
          checked ? 'translate-x-[16px] bg-brass-fg' : 'translate-x-[2px] bg-faint',
        )}
      />
    </Primitive.Root>
  )
  return blocked ? <Tooltip content={blocked}>{control}</Tooltip> : control
}
