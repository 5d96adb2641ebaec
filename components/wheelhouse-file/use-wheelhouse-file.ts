'use client'

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { ApiError, call } from '#lib/api/client.ts'
import type { InputOf } from '#lib/api/endpoint.ts'
import { getOperation } from '#lib/api/operations.ts'
import { checkPipeline, getPipelineFile, writePipelineFile } from '#lib/api/pipeline.ts'
import { finish, tellError } from '../commands/use-command.ts'
import { keys } from '../live/query-keys.ts'

const settledAfterMs = 250
const askAgainAfterMs = 300
/** A branch that takes no push may keep a commit waiting for hours. */
const patienceMs = 20_000

export function useWheelhouseFile() {
  return useQuery({ queryKey: keys.pipelineFile, queryFn: ({ signal }) => call(getPipelineFile, {}, { signal }) })
}

/** What a text would mean, asked once its writer pauses. `isCurrent`: the answer is about this very text. */
export function useCheck(text: string) {
  const settled = useSettled(text)
  const check = useQuery({
    queryKey: keys.pipelineCheck(settled),
    queryFn: ({ signal }) => call(checkPipeline, { body: { text: settled } }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
    retry: false,
  })
  return { check, isCurrent: settled === text && check.isSuccess && !check.isPlaceholderData }
}

function useSettled(text: string): string {
  const [settled, settle] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => settle(text), settledAfterMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** Writes the file and follows it until Git has it; what is refused meanwhile is told, and the text stays. */
export function useWrite(onWritten: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: InputOf<typeof writePipelineFile>['body']) => {
      const { operation } = await finish(await call(writePipelineFile, { body }))
      return operation === undefined ? undefined : untilWritten(operation)
    },
    onSuccess(commit) {
      if (commit === undefined) toast.message('The branch takes no commit yet.', { description: 'It is written then.' })
      else toast.success(`wheelhouse.yaml is written: commit ${commit.slice(0, 7)}.`)
      onWritten()
    },
    onError: tellError,
    onSettled: () => client.invalidateQueries(),
  })
}

/** The commit that has it; nothing while it still waits. Throws ApiError where it is not written after all. */
async function untilWritten(id: string): Promise<string | undefined> {
  const until = Date.now() + patienceMs
  for (;;) {
    const { state, commit, reason } = await call(getOperation, { params: { id } })
    if (state === 'succeeded') return commit
    if (state !== 'decided') {
      const suggestion = 'Your text is kept here: look at what the file says by now.'
      throw new ApiError(409, { code: 'conflict', message: reason, suggestion })
    }
    if (Date.now() > until) return undefined
    await new Promise((resolve) => setTimeout(resolve, askAgainAfterMs))
  }
}
