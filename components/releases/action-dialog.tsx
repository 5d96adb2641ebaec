'use client'

import {
  adoptRelease,
  automateRelease,
  deautomateRelease,
  retryRelease,
  unlockPending,
  unlockRelease,
} from '#lib/api/release-commands.ts'
import type { Release } from '#lib/api/release-schemas.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { LockDialog } from './lock-dialog.tsx'
import type { ActionKind } from './release-actions.ts'
import { ReleaseTagDialog } from './release-tag-dialog.tsx'
import { RollbackDialog } from './rollback-dialog.tsx'

type Confirmed = Exclude<ActionKind, 'release' | 'rollback' | 'lock'>

const endpoints = {
  automate: automateRelease,
  deautomate: deautomateRelease,
  unlock: unlockRelease,
  retry: retryRelease,
  'unlock-pending': unlockPending,
  adopt: adoptRelease,
} satisfies Record<Confirmed, unknown>

interface Wording {
  title: string
  what: string
  button: string
  /** Whether a message ends up in a commit. */
  commits: boolean
}

const wordings: Record<Confirmed, (release: Release) => Wording> = {
  automate: (release) => ({
    title: `Automate ${release.name}`,
    what: 'Policies update its images from now on. One commit sets fluxcd.io/automated; if a newer tag matches already, it is released right after.',
    button: 'Automate',
    commits: true,
  }),
  deautomate: (release) => ({
    title: `Stop the automation of ${release.name}`,
    what: 'What runs stays. New tags are no longer chosen until it is automated again. One commit.',
    button: 'Stop automation',
    commits: true,
  }),
  unlock: (release) => ({
    title: `Lift the hold on ${release.name}`,
    what: release.automated
      ? 'Policies may move it again: if a newer tag matches, it is released right after this commit.'
      : 'It can be changed again. One commit.',
    button: 'Lift the hold',
    commits: true,
  }),
  retry: (release) => ({
    title: `Retry ${release.name}`,
    what: 'Helm runs again with what Git says now, without waiting for the next attempt. Nothing is written to Git.',
    button: 'Retry now',
    commits: false,
  }),
  'unlock-pending': (release) => ({
    title: `Unlock ${release.name}`,
    what: 'Helm left it in a pending status. The pending revision is marked failed, then the release goes on to what Git says. Do this only when nobody runs helm on it by hand.',
    button: 'Unlock and go on',
    commits: false,
  }),
  adopt: (release) => ({
    title: `Adopt ${release.name}`,
    what: 'What is installed differs from Git. Adopting makes Git the truth: Helm upgrades the release to what its document says. Compare the manifests under History first.',
    button: 'Adopt and upgrade',
    commits: false,
  }),
}

/** The dialog of one action on one release. */
export function ActionDialog({
  release,
  kind,
  container,
  tag,
  revision,
  onClose,
}: {
  release: Release
  kind: ActionKind
  container?: string
  tag?: string
  revision?: number
  onClose: () => void
}) {
  if (kind === 'lock') return <LockDialog release={release} onClose={onClose} />
  if (kind === 'rollback') return <RollbackDialog release={release} revision={revision} onClose={onClose} />
  if (kind === 'release')
    return <ReleaseTagDialog release={release} container={container} tag={tag} onClose={onClose} />
  return <ConfirmDialog {...wordings[kind](release)} release={release} endpoint={endpoints[kind]} onClose={onClose} />
}
