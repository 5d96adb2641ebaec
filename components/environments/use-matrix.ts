'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { getMatrix } from '#lib/api/environments.ts'
import { keys } from '../live/query-keys.ts'

export function useMatrix() {
  return useQuery({ queryKey: keys.matrix, queryFn: ({ signal }) => call(getMatrix, {}, { signal }) })
}
