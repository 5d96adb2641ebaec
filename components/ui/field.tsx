'use client'

import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names.ts'

const box =
  'rounded-sm border border-line-strong bg-surface text-sm text-fg placeholder:text-faint focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-brass aria-invalid:border-bad'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={classNames('h-[30px] min-w-0 px-2.5', box, className)} />
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={3} {...rest} className={classNames('min-w-0 px-2.5 py-1.5', box, className)} />
}

/** The browser's own list: on a phone it is the phone's picker. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={classNames('h-[30px] min-w-0 px-2 pr-7', box, className)} />
}

interface FieldParts {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/** Label above, then the control, then the hint or what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  label: string
  hint?: ReactNode
  error?: string
  className?: string
  children: (parts: FieldParts) => ReactNode
}) {
  const id = useId()
  const below = error ?? hint
  return (
    <div className={classNames('grid content-start gap-1.5', className)}>
      <label htmlFor={id} className="text-xs font-medium text-muted">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': below ? `${id}-below` : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {below && (
        <p id={`${id}-below`} className={classNames('text-xs', error ? 'text-bad' : 'text-faint')}>
          {below}
        </p>
      )}
    </div>
  )
}
