'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { listProviders, removeProvider, saveProvider } from '#lib/api/providers.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { useAllowed } from '../session/use-me.ts'

export function useProviders() {
  return useQuery({
    queryKey: keys.providers,
    queryFn: ({ signal }) => call(listProviders, {}, { signal }),
    enabled: useAllowed('settings:read'),
  })
}

export function useSaveProvider(onSaved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InputOf<typeof saveProvider>['body']) => call(saveProvider, { body }),
    onSuccess: ({ name }) => {
      toast.success(`${name} stands on the sign-in page now.`)
      onSaved()
      return client.invalidateQueries({ queryKey: keys.providers })
    },
    onError: tellError,
  })
}

export function useRemoveProvider(onRemoved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(removeProvider, { params: { id } }),
    onSuccess: () => {
      toast.success('Nobody comes in by it any more.')
      onRemoved()
      return client.invalidateQueries({ queryKey: keys.providers })
    },
    onError: tellError,
  })
}
