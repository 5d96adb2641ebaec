'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { listRegistryCredentials, removeRegistryCredential, saveRegistryCredential } from '#lib/api/registries.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

export function useRegistryCredentials() {
  return useQuery({
    queryKey: keys.registryCredentials,
    queryFn: ({ signal }) => call(listRegistryCredentials, {}, { signal }),
  })
}

export function useSaveCredential(onSaved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InputOf<typeof saveRegistryCredential>['body']) => call(saveRegistryCredential, { body }),
    onSuccess: ({ host }) => {
      toast.success('The credential is kept.', { description: `Images of ${host} are looked at with it now.` })
      onSaved()
      return client.invalidateQueries({ queryKey: keys.registryCredentials })
    },
    onError: tellError,
  })
}

export function useRemoveCredential(onRemoved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(removeRegistryCredential, { params: { id } }),
    onSuccess: () => {
      toast.success('The credential is forgotten.')
      onRemoved()
      return client.invalidateQueries({ queryKey: keys.registryCredentials })
    },
    onError: tellError,
  })
}
