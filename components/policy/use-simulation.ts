'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { listImageTags, type Tag } from '#lib/api/images.ts'
import { replayPolicy, simulatePolicy } from '#lib/api/policies.ts'
import { keys } from '../live/query-keys.ts'

/** How many known tags a try looks at, newest first. */
export const triedTags = 2000
const pageSize = 500

/** Tags of a repository, newest first, up to `triedTags`. */
function useKnownTags(repository: string) {
  return useQuery({
    queryKey: keys.imageTags({ repository, all: true }),
    queryFn: async ({ signal }) => {
      const tags: Tag[] = []
      let after: string | undefined
      do {
        const page = await call(listImageTags, { query: { repository, after, limit: pageSize } }, { signal })
        tags.push(...page.items)
        after = page.next
      } while (after !== undefined && tags.length < triedTags)
      return tags
    },
  })
}

/** What a pattern would choose among the known tags, by the engine the automation itself uses. */
export function useSimulation(repository: string, pattern: string, current: string | undefined) {
  const known = useKnownTags(repository)
  const simulation = useQuery({
    queryKey: ['images', 'simulation', repository, pattern, current ?? ''],
    queryFn: ({ signal }) => {
      const tags = (known.data ?? []).filter((tag) => tag.vanishedAt === undefined)
      return call(
        simulatePolicy,
        { body: { pattern, current, tags: tags.map(({ name, created }) => ({ name, created })) } },
        { signal },
      )
    },
    enabled: known.data !== undefined && pattern.trim() !== '',
    placeholderData: keepPreviousData,
  })
  return { known, simulation }
}

/** What a pattern would have chosen over the recorded scans of a container. */
export function useReplay(id: string, container: string, pattern: string) {
  return useQuery({
    queryKey: ['images', 'replay', id, container, pattern],
    queryFn: ({ signal }) => call(replayPolicy, { params: { id }, query: { container, pattern } }, { signal }),
    enabled: pattern.trim() !== '',
    placeholderData: keepPreviousData,
  })
}
