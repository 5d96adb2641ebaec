'use client'

import { parseAsInteger, useQueryState } from 'nuqs'
import type { AuditEvent } from '#lib/api/audit.ts'
import { QueryView } from '../live/query-view.tsx'
import { PageHead } from '../shell/page-head.tsx'
import { Card } from '../ui/card.tsx'
import { Drawer } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { AuditFilterBar } from './audit-filter-bar.tsx'
import { AuditTable } from './audit-table.tsx'
import { EventDetails } from './event-details.tsx'
import { ExportMenu } from './export-menu.tsx'
import { useAudit, useAuditFilters, useVerification } from './use-audit.ts'
import { Verification, VerifyButton } from './verification.tsx'

/** Who did what, when and why, in one chain that can be checked. */
export function AuditPage() {
  const [filters, setFilters] = useAuditFilters()
  const audit = useAudit(filters)
  const verification = useVerification()
  const [opened, setOpened] = useQueryState('event', parseAsInteger)
  const event = audit.data?.find((one) => one.seq === opened)
  return (
    <>
      <PageHead
        title="Audit"
        actions={
          <>
            <VerifyButton />
            <ExportMenu onAnchored={() => void verification.refetch()} />
          </>
        }
      />
      <Verification />
      <AuditFilterBar filters={filters} onChange={(change) => void setFilters(change)} />
      <Card>
        <QueryView
          query={audit}
          what="the audit trail"
          loading={<SkeletonRows rows={12} label="Loading the audit trail" />}
        >
          {(events) =>
            events.length === 0 ? <NoEvents /> : <AuditTable events={events} onOpen={(seq) => void setOpened(seq)} />
          }
        </QueryView>
        <LoadMore more={audit.hasNextPage} busy={audit.isFetchingNextPage} onMore={() => void audit.fetchNextPage()} />
      </Card>
      <EventDrawer event={event} onClose={() => void setOpened(null)} />
    </>
  )
}

function EventDrawer({ event, onClose }: { event: AuditEvent | undefined; onClose: () => void }) {
  return (
    <Drawer open={event !== undefined} onOpenChange={onClose} title={event ? `Event ${event.seq}` : 'Event'}>
      {event && <EventDetails event={event} />}
    </Drawer>
  )
}

function NoEvents() {
  return (
    <EmptyState icon="audit" title="No event fits">
      Take a filter away, or widen the time. Everything that is decided, written or done is recorded here.
    </EmptyState>
  )
}
