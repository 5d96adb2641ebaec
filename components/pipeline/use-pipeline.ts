'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { getPipeline } from '#lib/api/pipeline.ts'
import { keys } from '../live/query-keys.ts'

export function usePipeline() {
  return useQuery({ queryKey: keys.pipeline, queryFn: ({ signal }) => call(getPipeline, {}, { signal }) })
}
