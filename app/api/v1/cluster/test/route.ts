import { testCluster as endpoint } from '#lib/api/cluster.ts'
import { testCluster } from '#lib/operations/request/test-cluster.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller }) => testCluster(deps, caller))
