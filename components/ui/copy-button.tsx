'use client'

import { useState } from 'react'
import { Glyph } from './glyph.tsx'

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <button
      type="button"
      aria-label={copied ? 'Copied' : label}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true))
      }}
      onBlur={() => setCopied(false)}
      onMouseLeave={() => setCopied(false)}
      className="inline-grid size-6 shrink-0 place-items-center rounded-sm text-faint hover:bg-sunken hover:text-fg"
    >
      <Glyph name={copied ? 'check' : 'copy'} className={copied ? 'size-3.5 text-ok' : 'size-3.5'} />
    </button>
  )
}
