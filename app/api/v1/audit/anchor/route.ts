import { anchorAudit as endpoint } from '#lib/api/audit.ts'
import { anchorAudit } from '#lib/operations/request/anchor-audit.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller }) => anchorAudit(deps, caller))
