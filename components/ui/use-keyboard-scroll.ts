'use client'

import { useEffect, useRef, type RefObject } from 'react'

/** Makes an element a stop of the tab key as long as its content is larger than itself, so that keys can scroll it. */
export function useKeyboardScroll<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null)
  useEffect(() => {
    const box = element.current
    if (!box) return
    const observer = new ResizeObserver(() => {
      const isLarger = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1
      if (isLarger) box.tabIndex = 0
      else box.removeAttribute('tabindex')
    })
    observer.observe(box)
    if (box.firstElementChild) observer.observe(box.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return element
}
