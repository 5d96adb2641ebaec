'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined
const onApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** `⌘` on Apple's keyboards, `Ctrl` on all others and until it is known. */
export function useCommandKey(): string {
  return useSyncExternalStore(never, onApple, () => false) ? '⌘' : 'Ctrl'
}
