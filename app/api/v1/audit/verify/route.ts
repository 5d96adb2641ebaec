import { verifyAudit as endpoint } from '#lib/api/audit.ts'
import { verifyAudit } from '#lib/operations/read/verify-audit.ts'
import { route } from '#lib/server/route.ts'

export const GET = route(endpoint, ({ deps, caller }) => verifyAudit(deps, caller))
