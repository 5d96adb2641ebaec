'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import type { Permission } from '#lib/api/endpoint.ts'
import { getMe } from '#lib/api/me.ts'
import { allows } from '#lib/core/access/index.ts'
import { keys } from '../live/query-keys.ts'
import { whoCouldWords } from './who-could-words.ts'

export function useMe() {
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => call(getMe, {}, { signal }), staleTime: 60_000 })
}

/** Why the person may not do it, and who could; undefined = they may (or it is not known yet: then the server says). */
export function useBlocked(permission: Permission, environment?: string): string | undefined {
  const me = useMe()
  if (!me.data || allows(me.data, permission, environment)) return undefined
  return whoCouldWords(permission, environment)
}

/** Whether it is known that the person may: for what is not even asked of the server otherwise. */
export function useAllowed(permission: Permission): boolean {
  const me = useMe()
  return me.data !== undefined && allows(me.data, permission)
}
