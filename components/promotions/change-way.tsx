'use client'

import { useState } from 'react'
import { PromotionWay, type PromotionDetail } from '#lib/api/promotions.ts'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { usePromote } from './use-promote.ts'

/** Has the promotion planned anew in another way or under other tags; the new plan takes the place of this one. */
export function ChangeWay({ promotion, from }: { promotion: PromotionDetail; from: string }) {
  const { application, to, message } = promotion
  const [way, setWay] = useState<PromotionWay>(PromotionWay.safeParse(promotion.way).data ?? 'commit')
  const [tags, setTags] = useState(() => tagsOf(promotion))
  const promote = usePromote()
  const blocked = useBlocked('promotions:write', to)
  const named = Object.fromEntries(
    Object.entries(tags).flatMap(([container, tag]) => (tag.trim() ? [[container, tag.trim()] as const] : [])),
  )
  const planned = tagsOf(promotion)
  const same = way === promotion.way && Object.entries(planned).every(([container, tag]) => named[container] === tag)
  const asks = way === 'commit' ? [] : containersOf(promotion, way)
  return (
    <details className="border-t border-line">
      <summary className="px-4 py-2 text-xs text-muted hover:text-fg">Change the way or the tags</summary>
      <form
        className="grid gap-3 px-4 pt-1 pb-3.5"
        onSubmit={(event) => {
          event.preventDefault()
          if (blocked || same || promote.isPending) return
          promote.mutate({ application, from, to, way, message, ...(asks.length > 0 ? { tags: named } : {}) })
        }}
      >
        <Field label="Way">
          {(parts) => (
            <Select {...parts} value={way} onChange={(event) => setWay(event.target.value as PromotionWay)}>
              <option value="retag">Re-tag, then commit the new tag</option>
              <option value="commit">Commit the tag of {from}</option>
              <option value="pull-request">Propose it in a pull request</option>
              <option value="merge">Merge the source, then commit what CI builds</option>
            </Select>
          )}
        </Field>
        {asks.map((container) => (
          <Field key={container} label={`Tag for ${container}`} hint="Empty = named by rule.">
            {(parts) => (
              <Input
                {...parts}
                value={tags[container] ?? ''}
                maxLength={128}
                spellCheck={false}
                autoComplete="off"
                className="mono"
                onChange={(event) => setTags({ ...tags, [container]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Button
          type="submit"
          busy={promote.isPending}
          blocked={blocked ?? (same && 'That is the plan you see.')}
          className="justify-self-start"
        >
          {promote.isPending ? 'Planning …' : 'Plan it anew'}
        </Button>
      </form>
    </details>
  )
}

/** Tags that the plan has chosen, by container; what CI names itself, and what stays as it is, is not chosen. */
function tagsOf({ way, images, merge }: PromotionDetail): Record<string, string> {
  if (way === 'retag' || way === 'pull-request')
    return Object.fromEntries(images.map(({ container, tag }) => [container, tag]))
  const chosen = (merge?.awaits ?? []).flatMap(({ container, version }) =>
    version === undefined ? [] : [[container, version] as const],
  )
  return Object.fromEntries(chosen)
}

/** A tag in the source repository is one for a version; before it is planned nobody knows whether there is one. */
function containersOf({ images, merge }: PromotionDetail, way: PromotionWay): string[] {
  if (way !== 'merge') return images.map(({ container }) => container)
  return (merge?.awaits ?? []).flatMap(({ container, version }) => (version === undefined ? [] : [container]))
}
