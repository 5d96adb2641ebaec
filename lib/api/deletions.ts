import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Deletion } from './release-schemas.ts'
import { ById, CommandAnswer, listOf } from './shared.ts'

export const listDeletions = endpoint({
  method: 'GET',
  path: '/api/v1/deletions',
  permission: 'releases:read',
  summary: 'Deletions that wait for consent, then the decided ones',
  query: z.object({ state: Deletion.shape.state.optional() }),
  response: listOf(Deletion),
})

export const decideDeletion = endpoint({
  method: 'POST',
  path: '/api/v1/deletions/{id}/consent',
  permission: 'deletions:consent',
  summary: 'Delete what left Git, or keep it',
  params: ById,
  body: z.object({ decision: z.enum(['delete', 'keep']) }),
  response: CommandAnswer,
  answer: 'command',
})
