'use client'

import { Button } from './button.tsx'

export function LoadMore({ more, busy, onMore }: { more: boolean; busy: boolean; onMore: () => void }) {
  if (!more) return null
  return (
    <div className="flex justify-center border-t border-line p-2">
      <Button size="sm" kind="quiet" busy={busy} onClick={onMore}>
        Load more
      </Button>
    </div>
  )
}
