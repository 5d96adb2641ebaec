import { simulatePolicy as endpoint } from '#lib/api/policies.ts'
import { simulatePolicy } from '#lib/operations/read/simulate-policy.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ caller, body }) => simulatePolicy(caller, body))
