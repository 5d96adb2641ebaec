'use client'

import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { actionKinds } from './release-actions.ts'

/** Which dialog is open stands in the address, so that palette, tables and colleagues can point at it. */
export function useAsked() {
  return useQueryStates(
    { do: parseAsStringLiteral(actionKinds), container: parseAsString, tag: parseAsString, revision: parseAsInteger },
    { history: 'replace' },
  )
}
