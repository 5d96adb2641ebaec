'use client'

import { useState } from 'react'
import { setEnvironmentMode } from '#lib/api/environments.ts'
import { getOpenApi } from '#lib/api/system.ts'
import type { Settings } from '#lib/api/settings.ts'
import { useCommand } from '../commands/use-command.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Section } from '../ui/card.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { Switch } from '../ui/switch.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { FactList, FactRow } from './fact-list.tsx'
import { useSettings } from './use-settings.ts'

/** Where Wheelhouse acts, and what runs. */
export function Installation() {
  const settings = useSettings()
  return (
    <QueryView query={settings} what="the settings" loading={<SkeletonRows label="Loading the settings" />}>
      {(data) => (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] xl:grid-cols-2">
          <Modes settings={data} />
          <About settings={data} />
        </div>
      )}
    </QueryView>
  )
}

function About({ settings }: { settings: Settings }) {
  const { worker, version } = settings
  const runs = worker.state === 'running'
  return (
    <Section title="About">
      <FactList>
        <FactRow name="Version">Wheelhouse {version}</FactRow>
        <FactRow name="Worker">
          <span className="inline-flex items-center gap-1.5">
            <StateIcon state={runs ? 'ok' : 'bad'} label={null} />
            {runs ? 'running' : 'no worker is running'}
            {runs && worker.holder && <span className="mono text-faint">{worker.holder}</span>}
          </span>
        </FactRow>
        <FactRow name="API">
          <a className="link" href={getOpenApi.path}>
            OpenAPI description
          </a>
        </FactRow>
      </FactList>
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
