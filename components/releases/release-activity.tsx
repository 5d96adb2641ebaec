'use client'

import { EventGroups } from '../audit/event-groups.tsx'
import { QueryView } from '../live/query-view.tsx'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useActivity } from './use-release.ts'

/** Everything that was done to a release, by whom and why. */
export function ReleaseActivity({ id }: { id: string }) {
  const activity = useActivity(id)
  return (
    <Card>
      <QueryView query={activity} what="the activity" loading={<SkeletonRows label="Loading the activity" />}>
        {(events) =>
          events.length === 0 ? (
            <EmptyState icon="audit" title="Nothing happened yet">
              Tags seen, decisions, commits and Helm runs of this release appear here.
            </EmptyState>
          ) : (
            <EventGroups events={events} />
          )
        }
      </QueryView>
      <LoadMore
        more={activity.hasNextPage}
        busy={activity.isFetchingNextPage}
        onMore={() => void activity.fetchNextPage()}
      />
    </Card>
  )
}
