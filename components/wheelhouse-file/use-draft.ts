'use client'

import { useState } from 'react'
import type { Draft } from './draft.ts'

const place = 'wheelhouse-yaml-draft'

/** The draft outlives other pages and a reload, as long as the tab is there. */
export function useDraft(): [Draft | undefined, (draft: Draft | undefined) => void] {
  const [draft, setDraft] = useState(kept)
  const keep = (next: Draft | undefined) => {
    setDraft(next)
    try {
      if (next) sessionStorage.setItem(place, JSON.stringify(next))
      else sessionStorage.removeItem(place)
    } catch {
      // A browser that keeps nothing still edits.
    }
  }
  return [draft, keep]
}

function kept(): Draft | undefined {
  try {
    const found = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Partial<Draft> | null
    return typeof found?.text === 'string' ? { text: found.text, base: found.base ?? null } : undefined
  } catch {
    return undefined
  }
}
