import { openApiDocument } from '#lib/api/openapi.ts'
import { json } from './respond.ts'
import type { RawGiven } from './route.ts'

export function describeApi({ deps }: RawGiven): Promise<Response> {
  return Promise.resolve(json(openApiDocument(deps.shown.version)))
}
