'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import {
  disablePerson,
  enablePerson,
  endSessionsOf,
  invitePerson,
  listPeople,
  listSessionsOf,
  makePasswordLink,
  removePerson,
  setRoles,
  type ListedPerson,
  type PasswordLink,
  type Roles,
} from '#lib/api/people.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { useAllowed } from '../session/use-me.ts'

export function usePeople() {
  return useQuery({
    queryKey: keys.people,
    queryFn: ({ signal }) => call(listPeople, {}, { signal }),
    enabled: useAllowed('people:read'),
  })
}

/** A write about people: says how it went and renews the list. */
function usePeopleWrite<Given, Answer>(
  write: (given: Given) => Promise<Answer>,
  onDone: (answer: Answer, given: Given) => void = () => undefined,
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: write,
    onSuccess: (answer, given) => {
      onDone(answer, given)
      return client.invalidateQueries({ queryKey: keys.people })
    },
    onError: tellError,
  })
}

export const useInvite = () =>
  usePeopleWrite((body: InputOf<typeof invitePerson>['body']) => call(invitePerson, { body }))

export const useMakeLink = (onMade: (made: PasswordLink) => void) =>
  usePeopleWrite((id: string) => call(makePasswordLink, { params: { id } }), onMade)

export const useSetRoles = (onDone: () => void) =>
  usePeopleWrite(
    ({ id, roles }: { id: string; roles: Roles }) => call(setRoles, { params: { id }, body: { roles } }),
    ({ name }) => {
      toast.success(`${name} has the new roles.`)
      onDone()
    },
  )

export const useSetDisabled = () =>
  usePeopleWrite(
    ({ person: { id }, disabled }: { person: ListedPerson; disabled: boolean }) =>
      call(disabled ? disablePerson : enablePerson, { params: { id } }),
    ({ name }, { disabled }) =>
      toast.success(disabled ? `${name} is disabled and signed out.` : `${name} may sign in again.`),
  )

export const useRemovePerson = (onDone: () => void) =>
  usePeopleWrite(
    (id: string) => call(removePerson, { params: { id } }),
    () => {
      toast.success('They are removed.')
      onDone()
    },
  )

export function useSessionsOf(person: string) {
  return useQuery({
    queryKey: keys.sessionsOf(person),
    queryFn: ({ signal }) => call(listSessionsOf, { params: { id: person } }, { signal }),
  })
}

export const useEndSessionsOf = (person: string) =>
  usePeopleWrite(
    () => call(endSessionsOf, { params: { id: person } }),
    ({ ended }) => toast.success(`${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.`),
  )
