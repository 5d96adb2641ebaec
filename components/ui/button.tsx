'use client'

import Link from 'next/link'
import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { StateIcon } from './state-icon.tsx'
import { Tooltip } from './tooltip.tsx'

export type ButtonKind = 'plain' | 'primary' | 'quiet' | 'danger'
export type ButtonSize = 'sm' | 'md' | 'icon'

const kinds: Record<ButtonKind, string> = {
  plain: 'border-line-strong bg-surface text-fg hover:bg-sunken',
  primary: 'border-brass bg-brass text-brass-fg hover:brightness-105',
  quiet: 'border-transparent bg-transparent text-muted hover:bg-sunken hover:text-fg',
  danger: 'border-bad bg-surface text-bad hover:bg-bad-wash',
}

const sizes: Record<ButtonSize, string> = {
  sm: 'h-6 px-2 text-xs',
  md: 'h-[30px] px-[11px] text-sm',
  icon: 'size-[30px] justify-center',
}

export function buttonClass(kind: ButtonKind = 'plain', size: ButtonSize = 'md'): string {
  return classNames(
    'inline-flex shrink-0 items-center gap-1.5 rounded-sm border font-medium whitespace-nowrap transition-colors duration-100 select-none',
    'aria-disabled:border-line aria-disabled:bg-transparent aria-disabled:text-faint aria-disabled:hover:bg-transparent aria-disabled:hover:text-faint',
    sizes[size],
    kinds[kind],
  )
}

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  kind?: ButtonKind
  size?: ButtonSize
  busy?: boolean
  /** Why it cannot be used now, and who could. Set = disabled, but still reachable, so that the reason can be read. */
  blocked?: ReactNode
}

export function Button({ kind, size, busy = false, blocked, className, onClick, children, ...rest }: ButtonProps) {
  const off = Boolean(blocked) || busy
  const button = (
    <button
      type="button"
      {...rest}
      data-kind={kind}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      onClick={(event: MouseEvent<HTMLButtonElement>) => {
        if (off) event.preventDefault()
        else onClick?.(event)
      }}
      className={classNames(buttonClass(kind, size), className)}
    >
      {busy && <StateIcon state="run" label={null} />}
      {children}
    </button>
  )
  return blocked ? <Tooltip content={blocked}>{button}</Tooltip> : button
}

type ButtonLinkProps = ComponentProps<typeof Link> & { kind?: ButtonKind; size?: ButtonSize }

export function ButtonLink({ kind, size, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={classNames(buttonClass(kind, size), className)} />
}
