'use client'

import { useState } from 'react'
import type { DeployKey } from '#lib/api/repository-access.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CommandLine } from '../ui/command-line.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { useDeployKeys, useRotateDeployKey } from './use-connection.ts'

/** By what the worker proves itself at Git hosts over SSH. */
export function DeployKeys() {
  const keys = useDeployKeys()
  const blocked = useBlocked('settings:write')
  const [asking, setAsking] = useState(false)
  const items = keys.data?.items ?? []
  return (
    <Section
      title="Deploy key"
      note="for addresses of SSH; the private half never leaves the worker"
      aside={
        items.length > 0 && (
          <Button size="sm" blocked={blocked} onClick={() => setAsking(true)}>
            Rotate
          </Button>
        )
      }
    >
      <QueryView query={keys} what="the deploy key" loading={<SkeletonRows rows={2} label="Loading" />}>
        {() =>
          items.length === 0 ? (
            <EmptyState icon="key" title="No deploy key yet">
              The worker makes one when it starts for the first time. Start it: npm run worker.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {items.map((key) => (
                <KeyRow key={key.id} deployKey={key} isRotating={items.length > 1} />
              ))}
            </ul>
          )
        }
      </QueryView>
      {asking && <RotateDialog isRotating={items.length > 1} onClose={() => setAsking(false)} />}
    </Section>
  )
}

function KeyRow({ deployKey, isRotating }: { deployKey: DeployKey; isRotating: boolean }) {
  const { publicKey, fingerprint, createdAt, createdBy, use, authenticatedAt } = deployKey
  return (
    <li aria-label={use === 'current' ? 'Current key' : 'Next key'} className="grid gap-1.5 px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Chip tone={use === 'current' ? 'plain' : 'brass'}>{use === 'current' ? 'current' : 'next'}</Chip>
        <span className="text-faint">
          made <RelativeTime at={createdAt} suffix /> by {createdBy}
        </span>
        <span className="text-faint">
          {authenticatedAt === undefined ? (
            'never let in yet'
          ) : (
            <>
              let in since <RelativeTime at={authenticatedAt} suffix />
            </>
          )}
        </span>
      </div>
      <CommandLine command={publicKey} label="Copy the public key" />
      <span className="mono text-xs break-all text-muted">{fingerprint}</span>
      {use === 'next' && (
        <p className="text-xs text-wait">
          Enter it at the Git host, with write access. Both keys are offered until this one is let in; then the one
          before is dropped.
        </p>
      )}
      {use === 'current' && !isRotating && authenticatedAt === undefined && (
        <p className="text-xs text-muted">
          At GitHub: repository → Settings → Deploy keys → Add deploy key, with write access.
        </p>
      )}
    </li>
  )
}

function RotateDialog({ isRotating, onClose }: { isRotating: boolean; onClose: () => void }) {
  const rotate = useRotateDeployKey(onClose)
  return (
    <FormDialog
      title="Rotate the deploy key?"
      button="Make a new key"
      busy={rotate.isPending}
      onSend={() => rotate.mutate({})}
      onClose={onClose}
    >
      <p>
        The worker makes a new key. Where the repository is reached by the current one, both are offered to the Git host
        until the new one is let in; enter it there, then the current one is dropped.
      </p>
      {isRotating && <p className="text-wait">A new key waits to be let in already. It is thrown away for this one.</p>}
    </FormDialog>
  )
}
