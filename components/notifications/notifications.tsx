'use client'

import { Channels } from './channels.tsx'
import { Deliveries } from './deliveries.tsx'
import { HeartbeatSection } from './heartbeat-section.tsx'
import { Rules } from './rules.tsx'

/** Who is told of what, where, and whether it arrived. */
export function Notifications() {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
      <Channels />
      <Rules />
      <HeartbeatSection />
      <Deliveries />
    </div>
  )
}
