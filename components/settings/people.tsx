'use client'

import { QueryView } from '../live/query-view.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { usePeople } from './use-people.ts'

/** Who may do what, where. */
export function People() {
  const people = usePeople()
  return (
    <Section title="People">
      <QueryView query={people} what="the people" loading={<SkeletonRows rows={3} label="Loading the people" />}>
        {({ items }) => (
          <Table label="List of people">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>E-mail</Th>
                <Th className="w-full">Roles</Th>
                <Th>Since</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((person) => (
                <Tr key={person.id}>
                  <Td className="font-medium">{person.name}</Td>
                  <Td className="text-muted">{person.email}</Td>
                  <Td phone="line">
                    <span className="flex flex-wrap gap-1.5">
                      {Object.entries(person.roles).map(([environment, role]) => (
                        <Chip key={environment} tone={role === 'admin' ? 'brass' : 'plain'}>
                          {role}
                          {environment === '*' ? '' : ` in ${environment}`}
                        </Chip>
                      ))}
                      {person.disabledAt !== undefined && <Chip tone="bad">disabled</Chip>}
                    </span>
                  </Td>
                  <Td phone="hidden" className="text-faint">
                    <RelativeTime at={person.createdAt} suffix />
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        )}
      </QueryView>
    </Section>
  )
}
