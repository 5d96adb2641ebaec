'use client'

import { useMutation, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import {
  changeChannel,
  changeRule,
  createChannel,
  createRule,
  getHeartbeat,
  listChannels,
  listDeliveries,
  listRules,
  previewRule,
  removeChannel,
  removeHeartbeat,
  removeRule,
  saveHeartbeat,
} from '#lib/api/notifications.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

export type GivenChannel = InputOf<typeof createChannel>['body']
export type GivenRule = InputOf<typeof createRule>['body']
export type RuleScope = InputOf<typeof previewRule>['body']

export const useChannels = () =>
  useQuery({ queryKey: keys.channels, queryFn: ({ signal }) => call(listChannels, {}, { signal }) })

export const useRules = () =>
  useQuery({ queryKey: keys.notifyRules, queryFn: ({ signal }) => call(listRules, {}, { signal }) })

export const useDeliveries = () =>
  usePages(keys.deliveries({}), (after, signal) => call(listDeliveries, { query: { after, limit: 20 } }, { signal }))

/** What the rule as it stands in the dialog would have told. */
export const useRulePreview = (rule: RuleScope) =>
  useQuery({
    queryKey: [...keys.notifyRules, 'preview', rule],
    queryFn: ({ signal }) => call(previewRule, { body: rule }, { signal }),
    placeholderData: (before) => before,
  })

function useChange<Input>(send: (input: Input) => Promise<unknown>, said: string, onDone: () => void) {
  const client = useQueryClient()
  const changed: QueryKey[] = [keys.channels, keys.notifyRules, keys.heartbeat]
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      toast.success(said)
      onDone()
      await Promise.all(changed.map((queryKey) => client.invalidateQueries({ queryKey })))
    },
    onError: tellError,
  })
}

export const useSaveChannel = (id: string | undefined, onDone: () => void) =>
  useChange(
    (body: GivenChannel) =>
      id === undefined ? call(createChannel, { body }) : call(changeChannel, { params: { id }, body }),
    'The channel is kept. Press its test button to see whether it works.',
    onDone,
  )

export const useRemoveChannel = (onDone: () => void) =>
  useChange((id: string) => call(removeChannel, { params: { id } }), 'The channel and its rules are gone.', onDone)

export const useSaveRule = (id: string | undefined, onDone: () => void) =>
  useChange(
    (body: GivenRule) => (id === undefined ? call(createRule, { body }) : call(changeRule, { params: { id }, body })),
    'The rule holds from now on.',
    onDone,
  )

export const useRemoveRule = (onDone: () => void) =>
  useChange((id: string) => call(removeRule, { params: { id } }), 'The rule is gone.', onDone)

export const useHeartbeat = () =>
  useQuery({ queryKey: keys.heartbeat, queryFn: ({ signal }) => call(getHeartbeat, {}, { signal }) })

export const useSaveHeartbeat = (onDone: () => void) =>
  useChange(
    (body: InputOf<typeof saveHeartbeat>['body']) => call(saveHeartbeat, { body }),
    'The worker calls it from now on.',
    onDone,
  )

export const useRemoveHeartbeat = () =>
  useChange(
    () => call(removeHeartbeat, {}),
    'The heartbeat has stopped.',
    () => undefined,
  )
