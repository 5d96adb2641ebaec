'use client'

import type { Release } from '#lib/api/release-schemas.ts'
import { allows } from '#lib/core/access/index.ts'
import { useMe } from '../session/use-me.ts'
import { whoCouldWords } from '../session/who-could-words.ts'
import { actionPermissions, type ActionKind } from './release-actions.ts'

/** Why an action cannot be done to this release, and who could; undefined = it can. */
export function useActionBlocks(release: Release): (kind: ActionKind) => string | undefined {
  const me = useMe()
  const { environment } = release
  return (kind) => {
    const permission = actionPermissions[kind]
    if (me.data && !allows(me.data, permission, environment)) return whoCouldWords(permission, environment)
    if (release.mode === 'observe') return `${environment} is only observed; an administrator can let it act.`
    return undefined
  }
}
