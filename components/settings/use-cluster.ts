'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { getCluster, testCluster } from '#lib/api/cluster.ts'
import { useCommand } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

export function useCluster() {
  return useQuery({ queryKey: keys.cluster, queryFn: ({ signal }) => call(getCluster, {}, { signal }) })
}

export const useTestCluster = () => useCommand(testCluster)
