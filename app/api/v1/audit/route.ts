import { listAudit as endpoint } from '#lib/api/audit.ts'
import { listAudit } from '#lib/operations/read/list-audit.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller, query }) => listAudit(deps, caller, query))
