import { getRepository as endpoint } from '#lib/api/repository.ts'
import { getRepository } from '#lib/operations/read/get-repository.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getRepository(deps, caller))
