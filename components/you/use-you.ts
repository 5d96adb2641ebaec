'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { changePassword, renameSelf } from '#lib/api/me.ts'
import { endOneSession, endOtherSessions, listOwnSessions } from '#lib/api/people.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

export function useOwnSessions() {
  return useQuery({ queryKey: keys.ownSessions, queryFn: ({ signal }) => call(listOwnSessions, {}, { signal }) })
}

export function useRename() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call(renameSelf, { body: { name } }),
    onSuccess: ({ name }) => {
      toast.success(`You are called ${name} now.`)
      return client.invalidateQueries({ queryKey: keys.me })
    },
    onError: tellError,
  })
}

export function useChangePassword(onChanged: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InputOf<typeof changePassword>['body']) => call(changePassword, { body }),
    onSuccess: ({ sessionsEnded }) => {
      toast.success(
        sessionsEnded === 0
          ? 'The password is changed.'
          : `The password is changed, and ${sessionsEnded} other ${sessionsEnded === 1 ? 'session' : 'sessions'} ended.`,
      )
      onChanged()
      return client.invalidateQueries({ queryKey: keys.me })
    },
    onError: tellError,
  })
}

/** Ends one session; also those of others, for whoever may. */
export function useEndSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(endOneSession, { params: { id } }),
    onSuccess: async () => {
      toast.success('The session has ended.')
      await client.invalidateQueries({ queryKey: keys.ownSessions })
      return client.invalidateQueries({ queryKey: keys.people })
    },
    onError: tellError,
  })
}

export function useEndOthers() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call(endOtherSessions, {}),
    onSuccess: ({ ended }) => {
      toast.success(`${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.`)
      return client.invalidateQueries({ queryKey: keys.ownSessions })
    },
    onError: tellError,
  })
}
