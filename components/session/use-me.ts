'use client'

import { useQuery } from '@tanstack/react-query'
import { call } from '#lib/api/client.ts'
import type { Permission } from '#lib/api/endpoint.ts'
import { getMe } from '#lib/api/people.ts'
import { keys } from '../live/query-keys.ts'
import { may, whoCould } from './may.ts'

export function useMe() {
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => call(getMe, {}, { signal }), staleTime: 60_000 })
}

/** Why the person may not do it, and who could; undefined = they may (or it is not known yet: then the server says). */
export function useBlocked(asked: Extract<Permission, 'deploy' | 'approve' | 'administer'>, environment?: string) {
  const me = useMe()
  if (!me.data || may(me.data, asked, environment)) return undefined
  return whoCould(asked, environment)
}
