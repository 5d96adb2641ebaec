'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import {
  createWebhook,
  getHookDelivery,
  listHookDeliveries,
  listWebhooks,
  removeWebhook,
  replayHookDelivery,
  rotateWebhook,
} from '#lib/api/webhooks.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

export function useWebhooks() {
  return useQuery({ queryKey: keys.webhooks, queryFn: ({ signal }) => call(listWebhooks, {}, { signal }) })
}

/** Of one webhook, or of all. */
export function useHookDeliveries(hook: string | null) {
  const given = hook === null ? {} : { hook }
  return usePages(keys.hookDeliveries(given), (after, signal) =>
    call(listHookDeliveries, { query: { ...given, after, limit: 50 } }, { signal }),
  )
}

export function useHookDelivery(id: string) {
  return useQuery({
    queryKey: keys.hookDelivery(id),
    queryFn: ({ signal }) => call(getHookDelivery, { params: { id } }, { signal }),
  })
}

export function useCreateWebhook() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: InputOf<typeof createWebhook>['body']) => call(createWebhook, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks }),
    onError: tellError,
  })
}

export function useRotateWebhook(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (overlapMinutes: number) => call(rotateWebhook, { params: { id }, body: { overlapMinutes } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.webhooks }),
    onError: tellError,
  })
}

export function useRemoveWebhook(onRemoved: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(removeWebhook, { params: { id } }),
    onSuccess: () => {
      toast.success('The webhook is removed.')
      onRemoved()
      return client.invalidateQueries({ queryKey: keys.webhooks })
    },
    onError: tellError,
  })
}

export function useReplayHookDelivery() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call(replayHookDelivery, { params: { id } }),
    onSuccess: ({ verdict }) => {
      if (verdict.kind === 'handled') toast.success('Replayed: what it is about is looked at now.')
      else toast.info('Replayed, and ignored again.', { description: verdict.because })
      return client.invalidateQueries({ queryKey: keys.webhooks })
    },
    onError: tellError,
  })
}
