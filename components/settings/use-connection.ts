'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import { changeConnection, getConnection, removeConnection, testConnection } from '#lib/api/connection.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { forgetHostKey, listDeployKeys, listHostKeys, pinHostKey, rotateDeployKey } from '#lib/api/repository-access.ts'
import { tellError, useCommand } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

export function useConnection() {
  return useQuery({ queryKey: keys.connection, queryFn: ({ signal }) => call(getConnection, {}, { signal }) })
}

export const useTestConnection = () => useCommand(testConnection)

export function useChangeConnection(onSaved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InputOf<typeof changeConnection>['body']) => call(changeConnection, { body }),
    onSuccess: () => {
      toast.success('The repository is connected.', { description: 'The worker follows it from now on.' })
      onSaved()
      return client.invalidateQueries()
    },
    onError: tellError,
  })
}

export function useRemoveConnection(onRemoved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call(removeConnection, {}),
    onSuccess: () => {
      toast.success('The repository is disconnected.', { description: 'What runs goes on running.' })
      onRemoved()
      return client.invalidateQueries()
    },
    onError: tellError,
  })
}

export function useDeployKeys() {
  return useQuery({ queryKey: keys.deployKeys, queryFn: ({ signal }) => call(listDeployKeys, {}, { signal }) })
}

export const useRotateDeployKey = (onDone: () => void) => useCommand(rotateDeployKey, { onDone })

export function useHostKeys() {
  return useQuery({ queryKey: keys.hostKeys, queryFn: ({ signal }) => call(listHostKeys, {}, { signal }) })
}

export function usePinHostKey(onPinned: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (line: string) => call(pinHostKey, { body: { line } }),
    onSuccess: ({ host }) => {
      toast.success(`${host} is trusted by this key alone.`)
      onPinned()
      return client.invalidateQueries({ queryKey: keys.hostKeys })
    },
    onError: tellError,
  })
}

export function useForgetHostKey(onForgotten: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(forgetHostKey, { params: { id } }),
    onSuccess: () => {
      toast.success('The host key is forgotten.')
      onForgotten()
      return client.invalidateQueries({ queryKey: keys.hostKeys })
    },
    onError: tellError,
  })
}
