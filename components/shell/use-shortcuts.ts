'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { places } from './places.ts'

/** How long after `g` the second key may come. */
const sequenceMs = 1200

const writesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** The page's own search field, if it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  field?.focus()
  field?.select()
  return field !== null
}

/** ⌘K, `/`, `?` and `g` followed by a place. Nothing while one writes, or while a dialog is open (but ⌘K). */
export function useShortcuts(open: { palette: () => void; keys: () => void }): void {
  const router = useRouter()
  const { palette, keys } = open
  useEffect(() => {
    let afterG = 0
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        palette()
        return
      }
      const elsewhere = event.metaKey || event.ctrlKey || event.altKey || writesText(event.target)
      if (elsewhere || document.querySelector('[role="dialog"],[role="menu"]')) return
      const place = event.timeStamp - afterG < sequenceMs && places.find((one) => one.key === event.key)
      afterG = event.key === 'g' ? event.timeStamp : 0
      if (place) router.push(place.href)
      else if (event.key === '?') keys()
      else if (event.key === '/') {
        event.preventDefault()
        if (!focusSearch()) palette()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [router, palette, keys])
}
