'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError, call } from '#lib/api/client.ts'
import {
  applyPromotion,
  approvePromotion,
  getPromotion,
  listPromotions,
  overrideGate,
  withdrawPromotion,
  type Gate,
} from '#lib/api/promotions.ts'
import { useCommand } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'
import { usePages } from '../live/use-pages.ts'

/** Those that have not ended; more than this at once is no list any more. */
const openAtMost = 200

export function useOpenPromotions() {
  const query = { open: 'true', limit: openAtMost } as const
  return useQuery({
    queryKey: keys.promotions(query),
    queryFn: ({ signal }) => call(listPromotions, { query }, { signal }),
  })
}

/** All of them, newest first, page by page. */
export function usePromotions() {
  return usePages(keys.promotions({}), (after, signal) =>
    call(listPromotions, { query: { after, limit: 50 } }, { signal }),
  )
}

export function usePromotion(id: string) {
  return useQuery({
    queryKey: keys.promotion(id),
    queryFn: ({ signal }) => call(getPromotion, { params: { id } }, { signal }),
  })
}

/** What can be said to a promotion. A refusal because the plan changed brings the new one. */
export function useDecisions(id: string, onDone?: () => void) {
  const client = useQueryClient()
  const apply = useCommand(applyPromotion, { onDone })
  const approve = useCommand(approvePromotion, { onDone })
  const override = useCommand(overrideGate, { onDone })
  const withdraw = useCommand(withdrawPromotion, { onDone })
  const onError = (error: unknown) => {
    if (!(error instanceof ApiError && error.status === 409)) return
    onDone?.()
    void client.invalidateQueries({ queryKey: keys.promotion(id) })
  }
  const params = { id }
  return {
    isPending: [apply, approve, override, withdraw].some((command) => command.isPending),
    apply: (body: { planDigest: string; message?: string }) => apply.mutate({ params, body }, { onError }),
    approve: (body: { planDigest: string; decision: 'approve' | 'reject'; message?: string }) =>
      approve.mutate({ params, body }, { onError }),
    override: (body: { planDigest: string; gate: Gate['gate']; message: string }) =>
      override.mutate({ params, body }, { onError }),
    withdraw: (body: { message?: string }) => withdraw.mutate({ params, body }, { onError }),
  }
}
