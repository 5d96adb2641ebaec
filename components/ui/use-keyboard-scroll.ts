'use client'

import { useEffect, useRef, type RefObject } from 'react'

/** Makes an element a stop of the tab key as long as its content is wider than itself, so that keys can scroll it. */
export function useKeyboardScroll<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null)
  useEffect(() => {
    const box = element.current
    if (!box) return
    const observer = new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0
      else box.removeAttribute('tabindex')
    })
    observer.observe(box)
    if (box.firstElementChild) observer.observe(box.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return element
}
