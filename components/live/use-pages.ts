'use client'

import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query'

/** A list that is read page by page with the `next` of the page before. */
export function usePages<T>(
  queryKey: QueryKey,
  read: (after: string | undefined, signal: AbortSignal) => Promise<{ items: T[]; next?: string }>,
) {
  return useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    getNextPageParam: (page) => page.next,
    select: (data) => data.pages.flatMap((page) => page.items),
  })
}
