'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { ApiError, call } from '#lib/api/client.ts'
import type { Endpoint, InputOf } from '#lib/api/endpoint.ts'
import { getCommand } from '#lib/api/operations.ts'
import type { CommandAnswer } from '#lib/api/shared.ts'
import type { z } from 'zod'

type CommandEndpoint = Endpoint<z.ZodObject, z.ZodObject, z.ZodType, typeof CommandAnswer>

const askAgainAfterMs = 1000

/** Waits until the worker is done with a command it took into its queue; its failure is thrown as ApiError. */
export async function finish(answer: CommandAnswer): Promise<Extract<CommandAnswer, { kind: 'done' }>> {
  let now = answer
  while (now.kind === 'queued') {
    await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs))
    now = await call(getCommand, { params: { id: now.command } })
  }
  return now
}

/** An error as a toast: what happened, then the next step. */
export function tellError(error: unknown): void {
  if (error instanceof ApiError) toast.error(error.message, { description: error.suggestion })
  else toast.error('Something went wrong in this page.', { description: 'Reload it and try again.' })
}

/** A write: sends it, follows it to its end, says how it went and renews what is shown. */
export function useCommand<E extends CommandEndpoint>(endpoint: E, options: { onDone?: () => void } = {}) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: InputOf<E>) => {
      const answer = (await call(endpoint, input)) as CommandAnswer
      if (answer.kind === 'queued') toast.message('Accepted. The worker is on it.', { id: answer.command })
      return finish(answer)
    },
    onSuccess: (answer) => {
      toast.success(answer.message, { id: answer.command })
      options.onDone?.()
      return client.invalidateQueries()
    },
    onError: tellError,
  })
}
