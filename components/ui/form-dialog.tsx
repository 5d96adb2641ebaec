'use client'

import { useId, type ReactNode } from 'react'
import { Button, type ButtonKind } from './button.tsx'
import { Dialog } from './dialog.tsx'

/**
 * A dialog that is a form: fields, or only the words on what happens, and one button beside Cancel. Enter in a field does
 * what the button does. `blocked` says why neither does anything yet; `after` stands below the form and is no part of it.
 */
export function FormDialog({
  title,
  description,
  width,
  button,
  kind = 'primary',
  busy,
  blocked,
  autoComplete,
  onSend,
  onClose,
  after,
  children,
}: {
  title: string
  description?: ReactNode
  width?: 'sm' | 'md' | 'lg'
  button: ReactNode
  kind?: ButtonKind
  busy: boolean
  blocked?: string | false
  autoComplete?: 'off'
  onSend: () => void
  onClose: () => void
  after?: ReactNode
  children: ReactNode
}) {
  const form = useId()
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={title}
      description={description}
      width={width}
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button kind={kind} type="submit" form={form} busy={busy} blocked={blocked}>
            {button}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="grid grid-cols-[minmax(0,1fr)] gap-4 px-5 py-4"
        autoComplete={autoComplete}
        onSubmit={(event) => {
          event.preventDefault()
          if (!blocked && !busy) onSend()
        }}
      >
        {children}
      </form>
      {after}
    </Dialog>
  )
}
