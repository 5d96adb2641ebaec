'use client'

import { useState } from 'react'
import type { Token } from '#lib/api/tokens.ts'
import { QueryView } from '../live/query-view.tsx'
import { shortName } from '../session/short-name.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'
import { useRevokeToken, useTokens } from './use-tokens.ts'

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
          <Th>Owner</Th>
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
            <Td className="text-muted">{shortName(token.owner ?? '')}</Td>
            <Td>
              {token.role}
              {token.environments && <span className="text-faint"> in {token.environments.join(', ')}</span>}
            </Td>
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
