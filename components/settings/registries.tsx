'use client'

import { useState } from 'react'
import type { RegistryCredential } from '#lib/api/registries.ts'
import type { Settings } from '#lib/api/settings.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { ForgetCredentialDialog, NewCredentialDialog } from './credential-dialogs.tsx'
import { useRegistryCredentials } from './use-registries.ts'
import { useSettings } from './use-settings.ts'

/** Where images come from, and what the registries are asked with. */
export function Registries() {
  const settings = useSettings()
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
      <Section title="Registries" note="of the images that Git names">
        <QueryView query={settings} what="the registries" loading={<SkeletonRows rows={2} label="Loading" />}>
          {({ registries }) => <Hosts registries={registries} />}
        </QueryView>
      </Section>
      <Credentials />
    </div>
  )
}

function Hosts({ registries }: { registries: Settings['registries'] }) {
  if (registries.length === 0)
    return (
      <EmptyState icon="images" title="No image is watched yet">
        Registries appear here once a release in Git names an image of theirs.
      </EmptyState>
    )
  return (
    <ul className="divide-y divide-line">
      {registries.map((registry) => (
        <li key={registry.host} className="flex min-h-9 flex-wrap items-center gap-x-3 px-4 py-1.5">
          <StateIcon state={registry.problem ? 'bad' : 'ok'} label={registry.problem ? 'in trouble' : null} />
          <span className="mono font-medium">{registry.host}</span>
          <span className="text-muted">
            {registry.repositories} {registry.repositories === 1 ? 'repository' : 'repositories'}
            {registry.insecure && ' · without TLS'}
          </span>
          {registry.problem && (
            <span className="basis-full pl-[26px] text-xs text-bad">
              {registry.problem.message} {registry.problem.suggestion}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Credentials() {
  const credentials = useRegistryCredentials()
  const blocked = useBlocked('settings:write')
  const [entering, setEntering] = useState(false)
  const [forgetting, setForgetting] = useState<RegistryCredential>()
  return (
    <Section
      title="Credentials"
      note="after the pull secrets of the namespaces; encrypted to the worker, never shown again"
      aside={
        <Button kind="primary" size="sm" blocked={blocked} onClick={() => setEntering(true)}>
          <Glyph name="key" /> Enter credential
        </Button>
      }
    >
      <QueryView query={credentials} what="the credentials" loading={<SkeletonRows rows={2} label="Loading" />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon="key" title="None entered">
              Public images and pull secrets of the namespaces need none. A credential to push with lets promotions set
              tags.
            </EmptyState>
          ) : (
            <CredentialTable items={items} blocked={blocked} onForget={setForgetting} />
          )
        }
      </QueryView>
      {entering && <NewCredentialDialog onClose={() => setEntering(false)} />}
      {forgetting && <ForgetCredentialDialog credential={forgetting} onClose={() => setForgetting(undefined)} />}
    </Section>
  )
}

function CredentialTable({
  items,
  blocked,
  onForget,
}: {
  items: readonly RegistryCredential[]
  blocked: string | undefined
  onForget: (credential: RegistryCredential) => void
}) {
  return (
    <Table label="Credentials for registries">
      <thead>
        <tr>
          <Th>Registry</Th>
          <Th>For</Th>
          <Th>User</Th>
          <Th className="w-full">Entered</Th>
          <Th>
            <span className="sr-only">Forget</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {items.map((credential) => (
          <Tr key={credential.id}>
            <Td className="mono font-medium">{placeOf(credential)}</Td>
            <Td>
              <Chip>{credential.purpose}</Chip>
            </Td>
            <Td className="mono">{credential.username}</Td>
            <Td className="text-faint">
              <RelativeTime at={credential.createdAt} suffix /> by {credential.createdBy}
            </Td>
            <Td phone="end">
              <Button size="sm" kind="danger" blocked={blocked} onClick={() => onForget(credential)}>
                Forget<span className="sr-only"> {placeOf(credential)}</span>
              </Button>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

const placeOf = ({ host, path }: RegistryCredential): string => (path === '' ? host : `${host}/${path}`)
