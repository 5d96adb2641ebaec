'use client'

import type { Session } from '#lib/api/people.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { deviceWords } from './device-words.ts'

/** Where somebody is signed in. The own session ends by signing out. */
export function SessionsTable({
  label,
  items,
  ending,
  onEnd,
}: {
  label: string
  items: readonly Session[]
  /** Id of the session that is being ended. */
  ending?: string
  onEnd: (id: string) => void
}) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Device</Th>
          <Th>Address</Th>
          <Th>Last used</Th>
          <Th className="w-full">Signed in</Th>
          <Th>
            <span className="sr-only">End</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((session) => (
          <Tr key={session.id}>
            <Td className="font-medium">
              <span title={session.userAgent} className="inline-flex items-center gap-2">
                {deviceWords(session.userAgent)}
                {session.current && <Chip tone="ok">this one</Chip>}
              </span>
            </Td>
            <Td className="mono text-muted">{session.address || 'not known'}</Td>
            <Td className="text-faint">
              <span className="sm:hidden">used </span>
              <RelativeTime at={session.lastUsedAt} suffix />
            </Td>
            <Td className="text-faint" phone="hidden">
              <RelativeTime at={session.createdAt} suffix /> with {wayWords(session.way)}
            </Td>
            <Td phone="end">
              {!session.current && (
                <Button size="sm" kind="danger" busy={ending === session.id} onClick={() => onEnd(session.id)}>
                  End<span className="sr-only"> {deviceWords(session.userAgent)}</span>
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

const wayWords = (way: string): string => (way === 'link' ? 'a one-time link' : way === 'password' ? 'a password' : way)
