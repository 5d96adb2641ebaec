import { getCluster as endpoint } from '#lib/api/cluster.ts'
import { getCluster } from '#lib/operations/read/get-cluster.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => getCluster(deps, caller))
