import { testConnection as endpoint } from '#lib/api/connection.ts'
import { testRepository } from '#lib/operations/request/test-repository.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller }) => testRepository(deps, caller))
