'use client'

import { useState } from 'react'
import type { Token } from '#lib/api/people.ts'
import { QueryView } from '../live/query-view.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { useCreateToken, useRevokeToken, useTokens } from './use-people.ts'

/** Tokens for the API and the CLI; a secret is told once. */
export function Tokens() {
  const tokens = useTokens()
  const [creating, setCreating] = useState(false)
  return (
    <Section
      title="API tokens"
      note="never more than the role of who made them"
      aside={
        <Button kind="primary" size="sm" onClick={() => setCreating(true)}>
          <Glyph name="key" /> New token
        </Button>
      }
    >
      <QueryView query={tokens} what="the tokens" loading={<SkeletonRows rows={3} label="Loading the tokens" />}>
        {({ items }) =>
          items.length > 0 ? (
            <TokenTable items={items} />
          ) : (
            <EmptyState icon="key" title="No token yet">
              Scripts and the CLI sign in with one.
            </EmptyState>
          )
        }
      </QueryView>
      {creating && <NewTokenDialog onClose={() => setCreating(false)} />}
    </Section>
  )
}

function TokenTable({ items }: { items: readonly Token[] }) {
  const revoke = useRevokeToken()
  return (
    <Table label="List of API tokens">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Role</Th>
          <Th>Made</Th>
          <Th>Used</Th>
          <Th className="w-full">Ends</Th>
          <Th>
            <span className="sr-only">Revoke</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((token) => (
          <Tr key={token.id}>
            <Td className="font-medium">{token.name}</Td>
            <Td>{token.role}</Td>
            <Td phone="hidden" className="text-faint">
              <RelativeTime at={token.createdAt} suffix />
            </Td>
            <Td className="text-faint">
              <span className="sm:hidden">used </span>
              {token.lastUsedAt === undefined ? 'never' : <RelativeTime at={token.lastUsedAt} suffix />}
            </Td>
            <Td className="text-faint">
              {token.revokedAt === undefined ? (
                <>
                  <span className="sm:hidden">ends </span>
                  <RelativeTime at={token.expiresAt} suffix />
                </>
              ) : (
                <Chip tone="bad">revoked</Chip>
              )}
            </Td>
            <Td phone="end">
              {token.revokedAt === undefined && (
                <Button
                  size="sm"
                  kind="danger"
                  busy={revoke.isPending && revoke.variables === token.id}
                  onClick={() => revoke.mutate(token.id)}
                >
                  Revoke<span className="sr-only"> {token.name}</span>
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Token['role']>('viewer')
  const [days, setDays] = useState(90)
  const create = useCreateToken()
  const send = () => {
    if (name.trim()) create.mutate({ name: name.trim(), role, expiresInDays: days })
  }
  if (create.data) {
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`Token ${create.data.token.name}`}
        footer={<Button onClick={onClose}>I have copied it</Button>}
      >
        <div className="grid gap-3 px-5 py-4">
          <p>This secret is shown once. Keep it like a password; whoever has it acts in your name.</p>
          <CommandLine command={create.data.secret} />
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New token"
      footer={
        <>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            busy={create.isPending}
            blocked={name.trim() === '' && 'Name it first.'}
            onClick={send}
          >
            Make the token
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4 px-5 py-4"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Field label="Name" hint="What will use it.">
          {(parts) => (
            <Input
              {...parts}
              required
              value={name}
              maxLength={100}
              onChange={(event) => setName(event.target.value)}
              placeholder="ci"
            />
          )}
        </Field>
        <Field label="Role">
          {(parts) => (
            <Select {...parts} value={role} onChange={(event) => setRole(event.target.value as Token['role'])}>
              {['viewer', 'deployer', 'approver', 'admin'].map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Ends after">
          {(parts) => (
            <Select {...parts} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {[7, 30, 90, 365].map((one) => (
                <option key={one} value={one}>
                  {one} days
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  )
}
