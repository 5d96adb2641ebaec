'use client'

import { useCallback, useSyncExternalStore, type RefObject } from 'react'

/** Steps in which the band moves: fewer draws while scrolling. Pixels. */
const step = 256

const onServer = '0:0:1'

function subscribe(listener: () => void): () => void {
  window.addEventListener('scroll', listener, { passive: true })
  window.addEventListener('resize', listener)
  return () => {
    window.removeEventListener('scroll', listener)
    window.removeEventListener('resize', listener)
  }
}

/** The part of an element that the window shows, with a margin of a step or two, and whether the window is wide (768 px). */
export function useWindowBand(element: RefObject<HTMLElement | null>): { top: number; bottom: number; wide: boolean } {
  const read = useCallback(() => {
    const offset = element.current?.getBoundingClientRect().top ?? 0
    const top = Math.floor(-offset / step) * step - step
    const bottom = Math.ceil((window.innerHeight - offset) / step) * step + step
    return `${top}:${bottom}:${window.innerWidth >= 768 ? 1 : 0}`
  }, [element])
  const [top = 0, bottom = 0, wide = 1] = useSyncExternalStore(subscribe, read, () => onServer)
    .split(':')
    .map(Number)
  return { top, bottom, wide: wide === 1 }
}
