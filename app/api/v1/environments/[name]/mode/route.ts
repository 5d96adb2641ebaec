import { setEnvironmentMode as endpoint } from '#lib/api/environments.ts'
import { setEnvironmentMode } from '#lib/operations/request/set-environment-mode.ts'
import { route } from '#lib/server/route.ts'

export const POST = route(endpoint, ({ deps, caller, params, body }) =>
  setEnvironmentMode(deps, caller, params.name, body.mode),
)
