import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Operation, OperationStep } from './release-schemas.ts'
import { ById, CommandAnswer, Id, Limit, listOf } from './shared.ts'

export const listOperations = endpoint({
  method: 'GET',
  path: '/api/v1/operations',
  permission: 'releases:read',
  summary: 'Decided changes with cause and author, newest first, at most 100',
  query: z.object({ release: Id.optional(), since: z.coerce.number().int().min(0).optional(), limit: Limit }),
  response: listOf(Operation),
})

export const getOperation = endpoint({
  method: 'GET',
  path: '/api/v1/operations/{id}',
  permission: 'releases:read',
  summary: 'One decided change and what happened to it',
  params: ById,
  response: Operation.extend({ steps: z.array(OperationStep) }),
})

export const getCommand = endpoint({
  method: 'GET',
  path: '/api/v1/commands/{id}',
  permission: 'signed-in',
  summary: 'How a command that was answered with 202 went',
  params: ById,
  response: CommandAnswer,
  answer: 'command',
})
