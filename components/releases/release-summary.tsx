'use client'

import type { ReactNode } from 'react'
import type { Attempt, Release } from '#lib/api/release-schemas.ts'
import type { ReleaseDetail } from '#lib/api/releases.ts'
import type { Problem } from '#lib/api/shared.ts'
import { QueryView } from '../live/query-view.tsx'
import { ProblemList } from '../problems/problem-list.tsx'
import { DeletionRow } from '../repository/deletion-row.tsx'
import { Section } from '../ui/card.tsx'
import { Duration } from '../ui/duration.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { DiagnosisBox } from './diagnosis-box.tsx'
import { OperationCard } from './operation-card.tsx'
import { useRelease } from './use-release.ts'

/** What it does now, why, what is wrong with it, what it is made of. */
export function ReleaseSummary({ id }: { id: string }) {
  const release = useRelease(id)
  return (
    <QueryView query={release} what="the release" loading={<SkeletonRows label="Loading the release" />}>
      {(detail) => (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px]">
          {detail.deletion && (
            <Section title="Left Git">
              <DeletionRow deletion={detail.deletion} />
            </Section>
          )}
          {detail.diagnosis && <DiagnosisBox release={detail.release} diagnosis={detail.diagnosis} />}
          <Problems release={detail.release} told={detail.diagnosis !== undefined} />
          <div className="grid grid-cols-[minmax(0,1fr)] gap-[18px] xl:grid-cols-[minmax(0,1.12fr)_minmax(0,1fr)]">
            <div className="grid content-start gap-[18px]">
              {detail.operation && <OperationCard operation={detail.operation} release={detail.release} />}
              <Images release={detail.release} />
              <Attempts detail={detail} />
            </div>
            <Standing release={detail.release} told={detail.diagnosis !== undefined} />
          </div>
        </div>
      )}
    </QueryView>
  )
}

/** `told` = the box above says already what became of the Helm release. */
function Problems({ release, told }: { release: Release; told: boolean }) {
  const own = release.problems.filter((problem) => !(told && problem.code.startsWith('release-')))
  const problems = distinct([...own, ...release.images.flatMap((image) => (image.automated && image.problem) || [])])
  if (problems.length === 0) return null
  return (
    <Section title="Problems" note={`${problems.length}`}>
      <ProblemList problems={problems} label={`Problems of ${release.name}`} />
    </Section>
  )
}

/** The same problem may be told of the document and of its image. */
function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.code} ${problem.message}`, problem])).values()]
}

const healthStates: Record<Release['health'], State> = {
  healthy: 'ok',
  progressing: 'run',
  failing: 'bad',
  stuck: 'bad',
  unknown: 'none',
}

function Standing({ release, told }: { release: Release; told: boolean }) {
  return (
    <Section title="How it stands" className="self-start">
      <dl className="divide-y divide-line">
        <Fact name="Phase">
          {release.phase.replaceAll('-', ' ')}
          {!told && <span className="text-muted"> · {release.reason}</span>}{' '}
          <RelativeTime at={release.phaseSince} suffix className="text-faint" />
        </Fact>
        <Fact name="Health">
          <StateIcon
            state={healthStates[release.health]}
            label={null}
            className="mr-1.5 inline size-3.5 align-[-2px]"
          />
          {release.health}
          {release.healthReason && <span className="text-muted"> · {release.healthReason}</span>}{' '}
          <RelativeTime at={release.healthSince} suffix className="text-faint" />
        </Fact>
        {release.lock && (
          <Fact name="Held">
            <span className="text-held">
              {release.lock.message ?? 'without a reason'}
              {release.lock.user && ` · by ${release.lock.user}`}
              {release.lock.until && ` · until ${release.lock.until}`}
            </span>
          </Fact>
        )}
        {release.asked && <Fact name="Asked">{release.asked}; the worker has not taken it up yet</Fact>}
        <Fact name="Helm release">
          <span className="mono">
            {release.storageNamespace}/{release.releaseName}
          </span>
          {release.revision === undefined ? ' · not installed' : ` · revision ${release.revision}`}
          {release.deployedAt !== undefined && (
            <>
              {' · deployed '}
              <RelativeTime at={release.deployedAt} suffix />
            </>
          )}
        </Fact>
        <Fact name="Chart">
          {release.chart.name} {release.chart.version} <span className="text-muted">from</span>{' '}
          <span className="mono">{release.chart.source}</span>
        </Fact>
        <Fact name="Document">
          <span className="mono">
            {release.path}:{release.line}
          </span>
          <span className="text-muted"> · {release.generation}</span>
          {!release.desired && <span className="text-wait"> · left Git</span>}
        </Fact>
        <Fact name="Mode">{release.mode === 'act' ? 'acts: Git is carried out' : 'observes: nothing is written'}</Fact>
      </dl>
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 px-4 py-2 sm:grid-cols-[110px_minmax(0,1fr)]">
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function Images({ release }: { release: Release }) {
  if (release.images.length === 0) return null
  return (
    <Section title="Images">
      <Table label={`Images of ${release.name}`}>
        <thead>
          <tr>
            <Th>Container</Th>
            <Th>Image</Th>
            <Th>Policy</Th>
          </tr>
        </thead>
        <tbody>
          {release.images.map((image) => (
            <Tr key={image.container}>
              <Td>
                <span className="flex items-center gap-2">
                  {image.automated && image.problem && <StateIcon state="wait" />}
                  {image.container}
                </span>
              </Td>
              <Td className="mono">{image.image}</Td>
              <Td>
                <span className="flex items-center gap-2 text-muted">
                  <Glyph name={image.automated ? 'automated' : 'manual'} />
                  {image.automated ? <span className="mono">{image.policy ?? 'glob:*'}</span> : 'manual'}
                </span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}

const attemptStates: Record<Attempt['state'], State> = {
  running: 'run',
  succeeded: 'ok',
  failed: 'bad',
  'test-failed': 'bad',
  'hook-failed': 'bad',
  dead: 'bad',
}

function Attempts({ detail }: { detail: ReleaseDetail }) {
  if (detail.attempts.length === 0) return null
  return (
    <Section title="Helm runs" note="newest first">
      <ul className="divide-y divide-line">
        {detail.attempts.map((attempt, at) => (
          <li key={attempt.id} className="flex flex-wrap items-center gap-x-3 px-4 py-2">
            <StateIcon state={attemptStates[attempt.state]} label={attempt.state} />
            <span>
              helm {attempt.action}
              {attempt.revision !== undefined && <span className="text-muted"> · revision {attempt.revision}</span>}
            </span>
            <Duration from={attempt.startedAt} to={attempt.endedAt} className="text-faint" />
            <RelativeTime at={attempt.startedAt} suffix className="ml-auto text-xs text-faint" />
            {attempt.message && attempt.message !== detail.attempts[at - 1]?.message && (
              <span className="mono basis-full pl-[26px] text-xs break-words text-bad">{attempt.message}</span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
