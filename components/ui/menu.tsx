'use client'

import { DropdownMenu as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Glyph, type GlyphName } from './glyph.tsx'

export function Menu({ trigger, label, children }: { trigger: ReactNode; label: string; children: ReactNode }) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-50 min-w-52 animate-in rounded-md bg-surface p-1 shadow-overlay motion-reduce:animate-none"
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** `blocked` keeps the entry in sight and says below it why it cannot be chosen, and who could. */
export function MenuItem({
  icon,
  tone,
  blocked,
  aside,
  className,
  onSelect,
  children,
}: {
  icon?: GlyphName
  tone?: 'bad'
  blocked?: string
  className?: string
  aside?: ReactNode
  onSelect?: () => void
  children: ReactNode
}) {
  return (
    <Primitive.Item
      disabled={Boolean(blocked)}
      onSelect={onSelect}
      className={classNames(
        'flex cursor-default items-start gap-2.5 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-sunken',
        blocked ? 'text-faint' : tone === 'bad' ? 'text-bad' : 'text-fg',
        className,
      )}
    >
      {icon && <Glyph name={icon} className="mt-[3px] size-3.5" />}
      <span className="min-w-0 flex-1">
        {children}
        {blocked && <span className="block max-w-60 text-xs text-faint">{blocked}</span>}
      </span>
      {aside}
    </Primitive.Item>
  )
}

export function MenuChoice({
  icon,
  checked,
  onSelect,
  children,
}: {
  icon?: GlyphName
  checked: boolean
  onSelect: () => void
  children: ReactNode
}) {
  return (
    <Primitive.CheckboxItem
      checked={checked}
      onCheckedChange={onSelect}
      className="flex cursor-default items-center gap-2.5 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-sunken"
    >
      {icon && <Glyph name={icon} />}
      <span className="flex-1">{children}</span>
      <Primitive.ItemIndicator>
        <Glyph name="check" className="size-3.5 text-brass-ink" />
      </Primitive.ItemIndicator>
    </Primitive.CheckboxItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="eyebrow px-2 pt-1.5 pb-1">{children}</Primitive.Label>
}

export function MenuLine() {
  return <Primitive.Separator className="my-1 h-px bg-line" />
}
