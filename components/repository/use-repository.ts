'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import { decideDeletion, listDeletions } from '#lib/api/deletions.ts'
import { getRepository, syncRepository } from '#lib/api/repository.ts'
import { useCommand } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

export function useRepository() {
  return useQuery({ queryKey: keys.repository, queryFn: ({ signal }) => call(getRepository, {}, { signal }) })
}

export function useDeletions() {
  return useQuery({ queryKey: keys.deletions, queryFn: ({ signal }) => call(listDeletions, {}, { signal }) })
}

export const useSyncRepository = () => useCommand(syncRepository)

export const useDecideDeletion = (onDone?: () => void) => useCommand(decideDeletion, { onDone })
