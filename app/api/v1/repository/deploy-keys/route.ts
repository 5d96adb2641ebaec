import { listDeployKeys as endpoint } from '#lib/api/repository-access.ts'
import { listDeployKeys } from '#lib/operations/read/list-deploy-keys.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => listDeployKeys(deps, caller))
