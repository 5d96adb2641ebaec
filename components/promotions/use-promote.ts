'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { call } from '#lib/api/client.ts'
import { promote, type PromotionWay } from '#lib/api/promotions.ts'
import { tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

export interface WantedPromotion {
  application: string
  from: string
  to: string
  /** Absent = what the rules of the target say. */
  way?: PromotionWay
  tags?: Record<string, string>
  message?: string
}

/** Has the promotion planned, which changes nothing, then goes to it: its page is where it is looked at and agreed to. */
export function usePromote() {
  const router = useRouter()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (wanted: WantedPromotion) => {
      const { application, from, to } = wanted
      const told = toast.message(`Planning ${application} ${from} → ${to} …`, {
        description: 'Rendering it against the cluster. Nothing changes yet.',
        duration: Infinity,
      })
      try {
        return await call(promote, { body: wanted })
      } finally {
        toast.dismiss(told)
      }
    },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: keys.allPromotions })
      router.push(`/promotions/${encodeURIComponent(id)}`)
    },
    onError: tellError,
  })
}
