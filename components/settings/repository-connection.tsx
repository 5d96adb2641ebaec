'use client'

import Link from 'next/link'
import { useState } from 'react'
import type { Connection } from '#lib/api/connection.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { ConnectionDialog, DisconnectDialog } from './connection-dialogs.tsx'
import { ConnectionTest } from './connection-test.tsx'
import { reachWords, syncStates } from './connection-words.ts'
import { FactList, FactRow } from './fact-list.tsx'
import { useConnection } from './use-connection.ts'

export function RepositoryConnection() {
  const connection = useConnection()
  return (
    <QueryView query={connection} what="the connection" loading={<SkeletonRows label="Loading the connection" />}>
      {(data) => (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
          <Followed connection={data} />
          {data.source !== 'none' && <ConnectionTest test={data.test} />}
        </div>
      )}
    </QueryView>
  )
}

function Followed({ connection }: { connection: Connection }) {
  const blocked = useBlocked('settings:write')
  const [asking, ask] = useState<'change' | 'disconnect'>()
  const isFixed = connection.source === 'environment'
  const connect = (
    <Button kind="primary" size="sm" blocked={blocked} onClick={() => ask('change')}>
      <Glyph name="repository" /> Connect
    </Button>
  )
  return (
    <Section
      title="Repository"
      note={isFixed ? 'set by the environment of the processes, read-only here' : 'followed without a restart'}
      aside={connection.source === 'settings' && <ChangeButtons blocked={blocked} onAsk={ask} />}
    >
      {connection.source === 'none' ? (
        <EmptyState icon="repository" title="No repository is connected" action={connect}>
          Connect the Git repository that says what is to run. It is only read until you let Wheelhouse act, environment
          by environment.
        </EmptyState>
      ) : (
        <Facts connection={connection} />
      )}
      {asking === 'change' && <ConnectionDialog connection={connection} onClose={() => ask(undefined)} />}
      {asking === 'disconnect' && <DisconnectDialog onClose={() => ask(undefined)} />}
    </Section>
  )
}

function ChangeButtons({
  blocked,
  onAsk,
}: {
  blocked: string | undefined
  onAsk: (what: 'change' | 'disconnect') => void
}) {
  return (
    <>
      <Button size="sm" blocked={blocked} onClick={() => onAsk('change')}>
        Change
      </Button>
      <Button size="sm" kind="danger" blocked={blocked} onClick={() => onAsk('disconnect')}>
        Disconnect
      </Button>
    </>
  )
}

function Facts({ connection }: { connection: Connection }) {
  const { url, branch, reach, sync, entered, webhookAt } = connection
  const { state, words } = syncStates[sync.state]
  return (
    <FactList>
      <FactRow name="URL">
        <span className="mono break-all">{url}</span>
      </FactRow>
      <FactRow name="Branch">
        <span className="mono">{branch}</span>
      </FactRow>
      <FactRow name="Reached by">
        {reach ? reachWords(reach) : <span className="text-muted">the worker has not opened it yet</span>}
      </FactRow>
      <FactRow name="State">
        <span className="inline-flex flex-wrap items-center gap-x-1.5">
          <StateIcon state={state} label={null} />
          {words}
          {sync.at !== undefined && <RelativeTime at={sync.at} suffix />}
        </span>
        {sync.reason && <p className="text-xs text-bad">{sync.reason}</p>}
      </FactRow>
      {sync.head && (
        <FactRow name="Head">
          <span className="mono">{sync.head.slice(0, 7)}</span> <span className="text-muted">{sync.subject}</span>
        </FactRow>
      )}
      <FactRow name="Webhook">
        {webhookAt === undefined ? (
          <>
            none has delivered: pushes are found by polling.{' '}
            <Link className="link" href="/settings/webhooks">
              Make one
            </Link>
          </>
        ) : (
          <>
            last delivery <RelativeTime at={webhookAt} suffix />
          </>
        )}
      </FactRow>
      {entered && (
        <FactRow name="Connected">
          <RelativeTime at={entered.savedAt} suffix /> <span className="text-muted">by {entered.savedBy}</span>
        </FactRow>
      )}
    </FactList>
  )
}
