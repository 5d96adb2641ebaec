'use client'

import { Dialog as Primitive } from 'radix-ui'
import { useRef, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Glyph } from './glyph.tsx'
import { Kbd } from './kbd.tsx'
import { useKeyboardScroll } from './use-keyboard-scroll.ts'

const widths = { sm: 'sm:max-w-[460px]', md: 'sm:max-w-[640px]', lg: 'sm:max-w-[960px]' } as const

/** The first field, else the button that goes on, else the one that does nothing: never the corner. */
function focusFirst(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return
  const content = event.currentTarget
  const wanted =
    content.querySelector<HTMLElement>('[data-dialog-body] :is(input, textarea, select)') ??
    content.querySelector<HTMLElement>('footer [data-kind="primary"]') ??
    content.querySelector<HTMLElement>('footer button')
  if (!wanted) return
  event.preventDefault()
  wanted.focus()
}

/** What is opened without a trigger of its own gives the focus back to whatever had it. */
function useFocusBack(): { keep: () => void; giveBack: (event: Event) => void } {
  const before = useRef<Element>(null)
  return {
    keep: () => void (before.current = document.activeElement),
    giveBack(event) {
      if (!(before.current instanceof HTMLElement) || !before.current.isConnected) return
      event.preventDefault()
      before.current.focus()
    },
  }
}

/** Controlled. `title` is its name; `description` is read after it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  width = 'sm',
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  footer?: ReactNode
  width?: keyof typeof widths
  children: ReactNode
}) {
  const focus = useFocusBack()
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            focus.keep()
            focusFirst(event)
          }}
          onCloseAutoFocus={focus.giveBack}
          className={classNames(
            'fixed inset-x-2 top-2 z-40 mx-auto flex max-h-[calc(100dvh-16px)] animate-in flex-col overflow-hidden rounded-lg bg-surface shadow-overlay outline-none motion-reduce:animate-none sm:inset-x-4 sm:top-14 sm:max-h-[calc(100dvh-112px)]',
            widths[width],
          )}
        >
          <header className="flex items-start gap-3 border-b border-line px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <Primitive.Title className="text-lg font-semibold tracking-[-0.01em]">{title}</Primitive.Title>
              {description && (
                <Primitive.Description asChild>
                  <div className="mt-1 text-sm text-muted">{description}</div>
                </Primitive.Description>
              )}
            </div>
            <Primitive.Close className="rounded-sm text-faint hover:text-fg">
              <span className="sr-only">Close</span>
              <span className="hidden sm:inline">
                <Kbd>esc</Kbd>
              </span>
              <Glyph name="cross" className="size-5 sm:hidden" />
            </Primitive.Close>
          </header>
          <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto">
            {children}
          </div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2.5 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** A sheet at the right edge, for one row's details beside its list. */
export function Drawer({
  open,
  onOpenChange,
  title,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  children: ReactNode
}) {
  const focus = useFocusBack()
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Primitive.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focus.keep}
          onCloseAutoFocus={focus.giveBack}
          className="fixed inset-y-0 right-0 z-40 flex w-full max-w-[520px] animate-drawer flex-col bg-surface shadow-overlay outline-none motion-reduce:animate-none"
        >
          <header className="flex items-center gap-3 border-b border-line px-5 py-3">
            <Primitive.Title className="min-w-0 flex-1 text-md font-semibold">{title}</Primitive.Title>
            <Primitive.Close aria-label="Close" className="rounded-sm p-1 text-faint hover:text-fg">
              <Glyph name="cross" className="size-4" />
            </Primitive.Close>
          </header>
          <DrawerBody title={title}>{children}</DrawerBody>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

/** Scrolls by the keys of whoever has no pointer. */
function DrawerBody({ title, children }: { title: string; children: ReactNode }) {
  const box = useKeyboardScroll<HTMLElement>()
  return (
    <section ref={box} aria-label={title} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
      <div>{children}</div>
    </section>
  )
}
