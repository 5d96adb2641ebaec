'use client'

import { classNames } from '../ui/class-names.ts'
import { relativeTime } from '../ui/time.ts'
import { useNow } from '../ui/use-now.ts'
import { useLive, type LiveState } from './live-provider.tsx'

function words(state: LiveState, now: number): string {
  switch (state.kind) {
    case 'connecting':
      return 'Connecting …'
    case 'live':
      return 'Live'
    case 'reconnecting':
      return 'Reconnecting …'
    case 'stale':
      return `Stale since ${relativeTime(state.since, now)}`
  }
}

const dots: Record<LiveState['kind'], string> = {
  connecting: 'bg-faint',
  live: 'bg-ok shadow-[0_0_0_3px_var(--ok-wash)]',
  reconnecting: 'bg-wait shadow-[0_0_0_3px_var(--wait-wash)]',
  stale: 'rounded-[1px] bg-bad shadow-[0_0_0_3px_var(--bad-wash)]',
}

/** Whether what is shown is what is. */
export function LiveIndicator({ place }: { place?: string }) {
  const live = useLive()
  const now = useNow(10_000)
  return (
    <output data-live={live.kind} className="flex min-w-0 items-center gap-2 text-xs text-faint">
      <span aria-hidden="true" className={classNames('size-[7px] shrink-0 rounded-full', dots[live.kind])} />
      <span className="truncate" suppressHydrationWarning>
        {words(live, now)}
        {place && live.kind !== 'stale' && ` · ${place}`}
      </span>
    </output>
  )
}
