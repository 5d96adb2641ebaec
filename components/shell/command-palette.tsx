'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useMatrix } from '../environments/use-matrix.ts'
import { releasesOf } from '../environments/matrix-rows.ts'
import { promotable } from '../promotions/next-environment.ts'
import { usePromote } from '../promotions/use-promote.ts'
import { releaseActions } from '../releases/release-actions.ts'
import { standingOf, versionOf } from '../releases/release-state.ts'
import { useSyncRepository } from '../repository/use-repository.ts'
import { Glyph } from '../ui/glyph.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { places } from './places.ts'

/** Go to any release or page, and start any action on it. Actions open their dialog on the release's page. */
export function CommandPalette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const router = useRouter()
  const matrix = useMatrix()
  const sync = useSyncRepository()
  const promote = usePromote()
  const releases = matrix.data ? releasesOf(matrix.data) : []
  const go = (href: string) => () => {
    onClose()
    router.push(href)
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-2 z-50 mx-auto max-w-[640px] animate-in overflow-hidden rounded-lg bg-surface shadow-overlay outline-none motion-reduce:animate-none sm:top-[14vh]"
        >
          <Dialog.Title className="sr-only">Go to, or do</Dialog.Title>
          <Command label="Go to, or do" loop>
            <div className="flex items-center gap-3 border-b border-line px-4">
              <Glyph name="search" className="size-4 text-faint" />
              <Command.Input
                placeholder="A release, a page, an action …"
                className="h-12 min-w-0 flex-1 bg-transparent text-md outline-none placeholder:text-faint"
              />
              <Kbd>esc</Kbd>
            </div>
            <Command.List className="max-h-[min(420px,70dvh)] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:tracking-[0.04em] [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:uppercase">
              <Command.Empty className="px-3 py-8 text-center text-muted">Nothing is called that.</Command.Empty>
              <Group heading="Releases">
                {releases.map((release) => (
                  <Row
                    key={release.id}
                    value={`${release.name} ${release.namespace} ${release.environment} ${release.application} ${versionOf(release)}`}
                    onSelect={go(`/releases/${encodeURIComponent(release.id)}`)}
                    icon={<StateIcon state={standingOf(release).state} />}
                    aside={<span className="mono">{versionOf(release)}</span>}
                  >
                    {release.name} <span className="text-faint">{release.environment}</span>
                  </Row>
                ))}
              </Group>
              <Group heading="Pages">
                {places.map((place) => (
                  <Row
                    key={place.href}
                    value={`go to ${place.label}`}
                    onSelect={go(place.href)}
                    icon={<Glyph name={place.icon} />}
                    aside={
                      <>
                        <Kbd>g</Kbd> <Kbd>{place.key}</Kbd>
                      </>
                    }
                  >
                    {place.label}
                  </Row>
                ))}
              </Group>
              <Group heading="Actions">
                <Row
                  value="sync repository now fetch"
                  icon={<Glyph name="sync" />}
                  onSelect={() => {
                    onClose()
                    sync.mutate({})
                  }}
                >
                  Sync the repository now
                </Row>
                <Row value="keys shortcuts help" icon={<Glyph name="search" />} onSelect={onKeys} aside={<Kbd>?</Kbd>}>
                  Show all keys
                </Row>
                {(matrix.data ? promotable(matrix.data) : []).map((wanted) => (
                  <Row
                    key={`${wanted.application}-${wanted.from}-${wanted.to}`}
                    value={`promote ${wanted.application} from ${wanted.from} to ${wanted.to}`}
                    icon={<Glyph name="arrow" />}
                    onSelect={() => {
                      onClose()
                      promote.mutate(wanted)
                    }}
                    aside={`${wanted.from} → ${wanted.to}`}
                  >
                    Promote <span className="text-faint">{wanted.application}</span>
                  </Row>
                ))}
                {releases.flatMap((release) =>
                  releaseActions(release).map((action) => (
                    <Row
                      key={`${release.id}-${action.kind}`}
                      value={`${action.words} ${release.name} ${release.environment}`}
                      icon={<Glyph name={action.icon} />}
                      onSelect={go(`/releases/${encodeURIComponent(release.id)}?do=${action.kind}`)}
                      aside={release.environment}
                    >
                      {action.words} <span className="text-faint">{release.name}</span>
                    </Row>
                  )),
                )}
              </Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&>[cmdk-group-heading]]:px-2.5 [&>[cmdk-group-heading]]:pt-2 [&>[cmdk-group-heading]]:pb-1"
    >
      {children}
    </Command.Group>
  )
}

function Row({
  value,
  icon,
  aside,
  onSelect,
  children,
}: {
  value: string
  icon: ReactNode
  aside?: ReactNode
  onSelect: () => void
  children: ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-3 rounded-sm px-2.5 text-muted data-[selected=true]:bg-sunken data-[selected=true]:text-fg"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate text-fg">{children}</span>
      {aside && <span className="shrink-0 text-xs text-faint">{aside}</span>}
    </Command.Item>
  )
}
