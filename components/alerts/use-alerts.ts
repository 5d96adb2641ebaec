'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { acknowledgeAlert, endSilence, listAlerts, listSilences, silenceAlerts } from '#lib/api/alerts.ts'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

const atMost = 200
const pageSize = 25

export function useOpenAlerts() {
  const query = { open: 'true', limit: atMost } as const
  return useQuery({ queryKey: keys.alerts(query), queryFn: ({ signal }) => call(listAlerts, { query }, { signal }) })
}

export function useRecoveredAlerts() {
  const query = { open: 'false', limit: pageSize } as const
  return usePages(keys.alerts(query), (after, signal) => call(listAlerts, { query: { ...query, after } }, { signal }))
}

export function useSilences() {
  return useQuery({ queryKey: keys.silences, queryFn: ({ signal }) => call(listSilences, {}, { signal }) })
}

/** Sends, says how it went, and renews what is shown of alerts. */
function useAlertChange<Input>(send: (input: Input) => Promise<unknown>, said: string, onDone?: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      toast.success(said)
      onDone?.()
      return client.invalidateQueries({ queryKey: keys.allAlerts })
    },
    onError: tellError,
  })
}

export const useAcknowledge = () =>
  useAlertChange((id: string) => call(acknowledgeAlert, { params: { id } }), 'Acknowledged: others see that you look.')

export const useSilence = (onDone: () => void) =>
  useAlertChange(
    (body: InputOf<typeof silenceAlerts>['body']) => call(silenceAlerts, { body }),
    'Silenced: nobody is told of it for a while.',
    onDone,
  )

export const useEndSilence = () =>
  useAlertChange((id: string) => call(endSilence, { params: { id } }), 'The silence is over.')
