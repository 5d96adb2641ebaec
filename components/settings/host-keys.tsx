'use client'

import { useState } from 'react'
import type { HostKey } from '#lib/api/repository-access.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useForgetHostKey, useHostKeys, usePinHostKey } from './use-connection.ts'

/** By what Git hosts prove themselves to the worker over SSH. */
export function HostKeys() {
  const keys = useHostKeys()
  const blocked = useBlocked('settings:write')
  const [asking, ask] = useState<'pin' | HostKey>()
  return (
    <Section
      title="Host keys"
      note="a host that shows another one is refused"
      aside={
        <Button size="sm" blocked={blocked} onClick={() => ask('pin')}>
          Pin a key
        </Button>
      }
    >
      <QueryView query={keys} what="the host keys" loading={<SkeletonRows rows={2} label="Loading" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="shield" title="No host was met yet">
              The first key of a host is trusted and stands here from then on. To trust none but the right one, pin it
              before: ssh-keyscan prints it, the host publishes its fingerprint.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {items.map((key) => (
                <HostKeyRow key={key.id} hostKey={key} blocked={blocked} onForget={() => ask(key)} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {asking === 'pin' && <PinDialog onClose={() => ask(undefined)} />}
      {typeof asking === 'object' && <ForgetDialog hostKey={asking} onClose={() => ask(undefined)} />}
    </Section>
  )
}

function HostKeyRow({
  hostKey: { host, type, fingerprint, pinnedAt, pinnedBy },
  blocked,
  onForget,
}: {
  hostKey: HostKey
  blocked: string | undefined
  onForget: () => void
}) {
  return (
    <li aria-label={host} className="grid gap-1 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="mono font-medium break-all">{host}</span>
        <span className="mono text-xs text-muted">{type}</span>
        <Button size="sm" kind="danger" className="ml-auto" blocked={blocked} onClick={onForget}>
          Forget<span className="sr-only"> the key of {host}</span>
        </Button>
      </div>
      <span className="mono text-xs break-all text-muted">{fingerprint}</span>
      <span className="text-xs text-faint">
        {pinnedBy === undefined ? 'trusted when first seen, ' : `pinned by ${pinnedBy}, `}
        <RelativeTime at={pinnedAt} suffix />
      </span>
    </li>
  )
}

function PinDialog({ onClose }: { onClose: () => void }) {
  const [line, setLine] = useState('')
  const pin = usePinHostKey(onClose)
  return (
    <FormDialog
      title="Pin the key of a host"
      button="Trust this key"
      busy={pin.isPending}
      blocked={line.trim() === '' && 'Paste the key first.'}
      onSend={() => pin.mutate(line)}
      onClose={onClose}
    >
      <Field label="Key" hint="One line as ssh-keyscan prints it. It takes the place of the key of its type.">
        {(parts) => (
          <Textarea
            {...parts}
            className="mono text-xs"
            required
            maxLength={4000}
            value={line}
            placeholder="github.com ssh-ed25519 AAAAC3…"
            onChange={(event) => setLine(event.target.value)}
          />
        )}
      </Field>
      <p className="text-xs text-muted">Compare its fingerprint with the one that the host publishes.</p>
    </FormDialog>
  )
}

function ForgetDialog({ hostKey, onClose }: { hostKey: HostKey; onClose: () => void }) {
  const forget = useForgetHostKey(onClose)
  return (
    <FormDialog
      title={`Forget the key of ${hostKey.host}?`}
      button="Forget it"
      kind="danger"
      busy={forget.isPending}
      onSend={() => forget.mutate(hostKey.id)}
      onClose={onClose}
    >
      <p>The next key that the host shows is trusted. Where you know the right one, pin it instead.</p>
    </FormDialog>
  )
}
