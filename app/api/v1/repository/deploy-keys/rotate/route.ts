import { rotateDeployKey as endpoint } from '#lib/api/repository-access.ts'
import { rotateDeployKey } from '#lib/operations/request/rotate-deploy-key.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller }) => rotateDeployKey(deps, caller))
