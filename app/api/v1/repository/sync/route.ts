import { syncRepository as endpoint } from '#lib/api/repository.ts'
import { syncRepository } from '#lib/operations/request/sync-repository.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller }) => syncRepository(deps, caller))
