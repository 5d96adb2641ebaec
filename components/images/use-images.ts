'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { listImages, type JudgedTag, type ReleaseImages } from '#lib/api/images.ts'
import { listReleaseImages, whyNot } from '#lib/api/releases.ts'
import { keys } from '../live/query-keys.ts'

export function useImages() {
  return useQuery({ queryKey: keys.images, queryFn: ({ signal }) => call(listImages, {}, { signal }) })
}

/** Containers with the first page of their judged tags, and the decision log. */
export function useReleaseImages(id: string) {
  return useQuery({
    queryKey: keys.releaseImages(id, {}),
    queryFn: ({ signal }) => call(listReleaseImages, { params: { id }, query: { limit: 50 } }, { signal }),
  })
}

const tagsOf = (answer: ReleaseImages, container: string): { items: JudgedTag[]; next?: string } =>
  answer.containers.find((one) => one.container === container)?.tags ?? { items: [] }

/** Judged tags of one container, page by page. */
export function useJudgedTags(id: string, container: string, search: string) {
  return useInfiniteQuery({
    queryKey: keys.releaseImages(id, { container, search }),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { container, search: search || undefined, after: pageParam, limit: 50 }
      return tagsOf(await call(listReleaseImages, { params: { id }, query }, { signal }), container)
    },
    getNextPageParam: (page) => page.next,
    select: (data) => data.pages.flatMap((page) => page.items),
    placeholderData: keepPreviousData,
  })
}

/** Gates depend on the clock, and on settings that wake no page. */
const lookAgainMs = 15_000

/** Every gate between a tag and healthy pods of a release. */
export function useWhyNot(id: string, query: { tag: string; container: string }) {
  return useQuery({
    queryKey: keys.whyNot(id, query),
    queryFn: ({ signal }) => call(whyNot, { params: { id }, query }, { signal }),
    refetchInterval: lookAgainMs,
  })
}
