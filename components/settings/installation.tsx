'use client'

import { useState, type ReactNode } from 'react'
import { setEnvironmentMode } from '#lib/api/environments.ts'
import { getOpenApi } from '#lib/api/system.ts'
import type { Settings } from '#lib/api/settings.ts'
import { useCommand } from '../commands/use-command.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Section } from '../ui/card.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { Switch } from '../ui/switch.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useSettings } from './use-settings.ts'

/** What Wheelhouse is connected to, and where it acts. */
export function Installation() {
  const settings = useSettings()
  return (
    <QueryView query={settings} what="the settings" loading={<SkeletonRows label="Loading the settings" />}>
      {(data) => (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] xl:grid-cols-2">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
            <Modes settings={data} />
            <About settings={data} />
          </div>
          <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
            <Cluster settings={data} />
            <Repository settings={data} />
          </div>
        </div>
      )}
    </QueryView>
  )
}

function Repository({ settings }: { settings: Settings }) {
  const { url, branch } = settings.repository
  return (
    <Section title="Repository" note="set by the environment of the processes">
      <Facts>
        <Fact name="URL">{url ? <span className="mono">{url}</span> : 'not configured'}</Fact>
        <Fact name="Branch">
          <span className="mono">{branch}</span>
        </Fact>
      </Facts>
    </Section>
  )
}

function About({ settings }: { settings: Settings }) {
  const { worker, version } = settings
  const runs = worker.state === 'running'
  return (
    <Section title="About">
      <Facts>
        <Fact name="Version">Wheelhouse {version}</Fact>
        <Fact name="Worker">
          <span className="inline-flex items-center gap-1.5">
            <StateIcon state={runs ? 'ok' : 'bad'} label={null} />
            {runs ? 'running' : 'no worker is running'}
            {runs && worker.holder && <span className="mono text-faint">{worker.holder}</span>}
          </span>
        </Fact>
        <Fact name="API">
          <a className="link" href={getOpenApi.path}>
            OpenAPI description
          </a>
        </Fact>
      </Facts>
    </Section>
  )
}

function Modes({ settings }: { settings: Settings }) {
  const blocked = useBlocked('environments:act')
  const [asking, ask] = useState<{ name: string; mode: 'act' | 'observe' }>()
  return (
    <Section title="Where it acts" note="otherwise it only looks">
      <ul className="divide-y divide-line">
        {settings.environments.map((environment) => (
          <li key={environment.name} className="flex min-h-11 items-center gap-3 px-4 py-1.5">
            <span className="w-20 font-medium">{environment.name}</span>
            <span className="min-w-0 flex-1 text-muted">
              {environment.mode === 'act' ? 'acts: Git is carried out' : 'observes: nothing is written'}
            </span>
            <Switch
              label={`Act in ${environment.name}`}
              checked={environment.mode === 'act'}
              blocked={blocked}
              onCheckedChange={(act) => ask({ name: environment.name, mode: act ? 'act' : 'observe' })}
            />
          </li>
        ))}
        {settings.environments.length === 0 && (
          <li className="px-4 py-6 text-center text-muted">No environment is known yet.</li>
        )}
      </ul>
      {asking && <ModeDialog {...asking} onClose={() => ask(undefined)} />}
    </Section>
  )
}

function ModeDialog({ name, mode, onClose }: { name: string; mode: 'act' | 'observe'; onClose: () => void }) {
  const command = useCommand(setEnvironmentMode, { onDone: onClose })
  const acts = mode === 'act'
  return (
    <FormDialog
      title={acts ? `Act in ${name}?` : `Only observe ${name}?`}
      button={acts ? 'Act' : 'Only observe'}
      busy={command.isPending}
      onSend={() => command.mutate({ params: { name }, body: { mode } })}
      onClose={onClose}
    >
      <p>
        {acts
          ? `From now on what Git says is carried out in ${name}: releases are installed and upgraded, policies commit. Look at what each release would do first; it stands on its page.`
          : `Nothing is written to the cluster, to Git or to the registry for ${name} any more. What runs under way is finished first; everything is still read and shown.`}
      </p>
    </FormDialog>
  )
}

const clusterStates: Record<Settings['cluster']['state'], State> = {
  ready: 'ok',
  waiting: 'run',
  unreachable: 'bad',
  unknown: 'none',
}

function Cluster({ settings }: { settings: Settings }) {
  const { cluster } = settings
  return (
    <Section title="Cluster" note="set by the environment of the processes">
      <Facts>
        <Fact name="Name">
          <span className="inline-flex items-center gap-1.5">
            <StateIcon state={clusterStates[cluster.state]} label={null} />
            {cluster.name} <span className="text-muted">{cluster.state}</span>
          </span>
        </Fact>
        {cluster.reason && <Fact name="Because">{cluster.reason}</Fact>}
        {cluster.server && (
          <Fact name="API server">
            <span className="mono">{cluster.server}</span>
          </Fact>
        )}
        {cluster.version && <Fact name="Kubernetes">{cluster.version}</Fact>}
        {cluster.helm && <Fact name="Helm">{cluster.helm}</Fact>}
      </Facts>
    </Section>
  )
}

function Facts({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line">{children}</dl>
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 px-4 py-2 sm:grid-cols-[110px_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
