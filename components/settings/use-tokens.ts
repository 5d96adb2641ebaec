'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { createToken, listTokens, revokeToken } from '#lib/api/tokens.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { useAllowed } from '../session/use-me.ts'

export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: ({ signal }) => call(listTokens, {}, { signal }),
    enabled: useAllowed('tokens:write'),
  })
}

export function useCreateToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InputOf<typeof createToken>['body']) => call(createToken, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tokens }),
    onError: tellError,
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(revokeToken, { params: { id } }),
    onSuccess: () => {
      toast.success('The token is revoked.')
      return client.invalidateQueries({ queryKey: keys.tokens })
    },
    onError: tellError,
  })
}
