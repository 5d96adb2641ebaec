import { exportAudit as endpoint } from '#lib/api/audit.ts'
import { auditLines } from '#lib/server/audit-lines.ts'
import { rawRoute } from '#lib/server/route.ts'

export const GET = rawRoute(endpoint, auditLines)
