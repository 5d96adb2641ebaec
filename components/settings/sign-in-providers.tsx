'use client'

import { useState } from 'react'
import type { Provider } from '#lib/api/providers.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { ProviderDialog } from './provider-dialog.tsx'
import { useProviders, useRemoveProvider } from './use-providers.ts'

type Open = { kind: 'nothing' } | { kind: 'new' } | { kind: 'change' | 'remove'; provider: Provider }

/** Who vouches for people besides their password. */
export function SignInProviders() {
  const providers = useProviders()
  const blocked = useBlocked('settings:write')
  const [open, setOpen] = useState<Open>({ kind: 'nothing' })
  const close = () => setOpen({ kind: 'nothing' })
  return (
    <Section
      title="Ways to sign in"
      note="besides password and one-time link, which always work"
      aside={
        <Button kind="primary" size="sm" blocked={blocked} onClick={() => setOpen({ kind: 'new' })}>
          <Glyph name="shield" /> Add a provider
        </Button>
      }
    >
      <QueryView query={providers} what="the providers" loading={<SkeletonRows rows={2} label="Loading" />}>
        {({ items, redirectUri }) => (
          <>
            {items.length === 0 ? (
              <EmptyState icon="shield" title="No provider yet">
                With one, people sign in with their account at GitHub or at an issuer of OpenID Connect, and their
                groups there give the roles here.
              </EmptyState>
            ) : (
              <ProviderTable items={items} blocked={blocked} onOpen={setOpen} />
            )}
            <p className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-3 text-sm text-muted">
              Register this callback there: <CommandLine command={redirectUri} label="Copy the callback" />
            </p>
          </>
        )}
      </QueryView>
      {open.kind === 'new' && <ProviderDialog onClose={close} />}
      {open.kind === 'change' && <ProviderDialog provider={open.provider} onClose={close} />}
      {open.kind === 'remove' && <RemoveProviderDialog provider={open.provider} onClose={close} />}
    </Section>
  )
}

function ProviderTable({
  items,
  blocked,
  onOpen,
}: {
  items: readonly Provider[]
  blocked: string | undefined
  onOpen: (open: Open) => void
}) {
  return (
    <Table label="List of providers">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Issuer</Th>
          <Th className="w-full">Lets in</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((provider) => (
          <Tr key={provider.id}>
            <Td className="font-medium">{provider.name}</Td>
            <Td className="mono text-muted">{provider.issuer}</Td>
            <Td phone="line">
              <span className="flex flex-wrap gap-1.5">
                <Chip>{provider.rules.createUnknown ? 'also who was not invited' : 'who was invited'}</Chip>
                {provider.rules.domains.length > 0 && <Chip>of {provider.rules.domains.join(', ')}</Chip>}
                {provider.rules.groups.length > 0 && <Chip>in {provider.rules.groups.join(', ')}</Chip>}
                <Chip>{groupWords(provider.rules.mapping.length)}</Chip>
              </span>
            </Td>
            <Td phone="end">
              <span className="flex gap-2">
                <Button size="sm" blocked={blocked} onClick={() => onOpen({ kind: 'change', provider })}>
                  Change<span className="sr-only"> {provider.name}</span>
                </Button>
                <Button size="sm" kind="danger" blocked={blocked} onClick={() => onOpen({ kind: 'remove', provider })}>
                  Remove<span className="sr-only"> {provider.name}</span>
                </Button>
              </span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

const groupWords = (count: number): string =>
  count === 0 ? 'groups give no roles' : `${count} ${count === 1 ? 'rule' : 'rules'} from groups to roles`

function RemoveProviderDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const remove = useRemoveProvider(onClose)
  return (
    <FormDialog
      title={`Remove ${provider.name}?`}
      button="Remove it"
      kind="danger"
      busy={remove.isPending}
      onSend={() => remove.mutate(provider.id)}
      onClose={onClose}
    >
      <p>
        Nobody can come in by it any more. Whoever did stays here with the roles of now, and needs a link for a password
        or another provider to come in again. Open sessions go on.
      </p>
    </FormDialog>
  )
}
