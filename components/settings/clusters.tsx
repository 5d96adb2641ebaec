'use client'

import Link from 'next/link'
import type { Cluster } from '#lib/api/cluster.ts'
import { QueryView } from '../live/query-view.tsx'
import { useBlocked } from '../session/use-me.ts'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { FactList, FactRow } from './fact-list.tsx'
import { useCluster, useTestCluster } from './use-cluster.ts'

/** Which cluster is steered, as whom, and what it lets Wheelhouse do. */
export function Clusters() {
  const cluster = useCluster()
  return (
    <QueryView query={cluster} what="the cluster" loading={<SkeletonRows label="Loading the cluster" />}>
      {(data) => (
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-[18px] xl:grid-cols-2">
          <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
            <Steered cluster={data} />
            <Modes environments={data.environments} />
          </div>
          <Rights cluster={data} />
        </div>
      )}
    </QueryView>
  )
}

const states: Record<Cluster['state'], { state: State; words: string }> = {
  ready: { state: 'ok', words: 'watched' },
  waiting: { state: 'run', words: 'connecting' },
  unreachable: { state: 'bad', words: 'cannot be reached' },
  unknown: { state: 'none', words: 'the worker has not looked yet' },
}

function Steered({ cluster }: { cluster: Cluster }) {
  const { name, reason, server, version, helm, test } = cluster
  const { state, words } = states[cluster.state]
  return (
    <Section title={name} note="by the kubeconfig that the worker was started with">
      <FactList>
        <FactRow name="State">
          <span className="inline-flex items-center gap-1.5">
            <StateIcon state={state} label={null} />
            {words}
          </span>
          {reason && <p className="text-xs text-bad">{reason}</p>}
        </FactRow>
        {server && (
          <FactRow name="API server">
            <span className="mono break-all">{server}</span>
          </FactRow>
        )}
        {test?.user && (
          <FactRow name="As">
            <span className="mono break-all">{test.user}</span>
          </FactRow>
        )}
        {version && <FactRow name="Kubernetes">{version}</FactRow>}
        {helm && <FactRow name="Helm">{helm}</FactRow>}
      </FactList>
    </Section>
  )
}

function Modes({ environments }: { environments: Cluster['environments'] }) {
  return (
    <Section
      title="Environments in it"
      aside={
        <Link className="link text-xs" href="/settings">
          Change where it acts
        </Link>
      }
    >
      <ul className="divide-y divide-line">
        {environments.map(({ name, mode }) => (
          <li key={name} className="flex min-h-9 items-center gap-3 px-4 py-1.5">
            <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
            <Chip tone={mode === 'act' ? 'ok' : 'plain'}>{mode === 'act' ? 'acts' : 'observes'}</Chip>
          </li>
        ))}
        {environments.length === 0 && (
          <li className="px-4 py-6 text-center text-muted">No environment is known yet: none stands in Git.</li>
        )}
      </ul>
    </Section>
  )
}

function Rights({ cluster: { test, environments } }: { cluster: Cluster }) {
  const blocked = useBlocked('settings:write')
  const run = useTestCluster()
  const acts = environments.some(({ mode }) => mode === 'act')
  return (
    <Section
      title="Rights"
      note={
        test && (
          <>
            asked <RelativeTime at={test.at} suffix /> by {test.by}
          </>
        )
      }
      aside={
        <Button size="sm" blocked={blocked} busy={run.isPending} onClick={() => run.mutate({})}>
          Test cluster
        </Button>
      }
    >
      {test?.problem && (
        <p className="px-4 py-3 text-bad">
          {test.problem.message} <span className="text-muted">{test.problem.suggestion}</span>
        </p>
      )}
      {test && test.rights.length > 0 && (
        <div className="grid gap-x-4 sm:grid-cols-2">
          <RightList title="To look" missing="bad" rights={test.rights.filter(({ to }) => to === 'look')} />
          <RightList
            title="To act"
            missing={acts ? 'bad' : 'wait'}
            rights={test.rights.filter(({ to }) => to === 'act')}
          />
        </div>
      )}
      {!test && (
        <p className="px-4 py-3 text-muted">
          The worker asks the API server as whom it is known there and what that account may do. Nothing is written.
        </p>
      )}
    </Section>
  )
}

type Right = NonNullable<Cluster['test']>['rights'][number]

function RightList({ title, missing, rights }: { title: string; missing: State; rights: readonly Right[] }) {
  return (
    <div className="px-4 py-3">
      <h3 className="mb-1.5 text-xs font-medium text-muted">{title}</h3>
      <ul className="grid gap-1">
        {rights.map(({ words, allowed }) => (
          <li key={words} className="flex items-center gap-2">
            <StateIcon state={allowed ? 'ok' : missing} label={allowed ? 'allowed' : 'not allowed'} />
            {words}
          </li>
        ))}
      </ul>
    </div>
  )
}
