'use client'

import { useState, type ReactNode } from 'react'
import type { ReleaseContainer } from '#lib/api/images.ts'
import { PolicySimulator } from '../policy/policy-simulator.tsx'
import { Button } from '../ui/button.tsx'
import { Section } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { Glyph } from '../ui/glyph.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { NextScan } from './next-scan.tsx'

/** The filter of one container, what it decides now, and a place to try another. */
export function ContainerPolicy({
  id,
  environment,
  container,
}: {
  id: string
  environment: string | undefined
  container: ReleaseContainer
}) {
  const [trying, setTrying] = useState(false)
  return (
    <Section
      title={container.container}
      note={<span className="mono">{container.repository}</span>}
      aside={
        <>
          <Chip tone={container.automated ? 'ok' : 'plain'}>
            <Glyph name={container.automated ? 'automated' : 'manual'} />
            {container.policy ?? (container.automated ? 'glob:*' : 'no filter')}
          </Chip>
          <Button size="sm" aria-expanded={trying} onClick={() => setTrying(!trying)}>
            {trying ? 'Close the simulator' : 'Change policy …'}
          </Button>
        </>
      }
    >
      <Decision container={container} />
      <Scan container={container} />
      {trying && <PolicySimulator id={id} environment={environment} container={container} />}
    </Section>
  )
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <p className="flex items-start gap-2.5 px-4 py-2">
      <span className="mt-[3px]">{icon}</span>
      <span className="min-w-0">{children}</span>
    </p>
  )
}

function Decision({ container }: { container: ReleaseContainer }) {
  const { decision } = container
  if (!container.automated) {
    return (
      <Line icon={<Glyph name="manual" className="size-3.5 text-faint" />}>
        Not automated: a tag is released by hand, or after Automate.
      </Line>
    )
  }
  if (!decision) return null
  switch (decision.kind) {
    case 'move':
      return (
        <Line icon={<StateIcon state="run" label={null} />}>
          Moves to <b className="mono font-semibold">{decision.tag}</b>: {decision.reason}
        </Line>
      )
    case 'stay':
      return <Line icon={<StateIcon state="ok" label={null} />}>{decision.reason}</Line>
    case 'waiting':
      return (
        <Line icon={<StateIcon state="run" label={null} />}>
          {decision.reason} ({decision.read} of {decision.of})
        </Line>
      )
    case 'blocked':
      return (
        <Line icon={<StateIcon state="wait" label="problem" />}>
          {decision.problem.message} <span className="text-muted">{decision.problem.suggestion}</span>
        </Line>
      )
  }
}

function Scan({ container }: { container: ReleaseContainer }) {
  const { scan } = container
  if (!scan) return <Line icon={<StateIcon state="none" label={null} />}>This repository is not watched.</Line>
  return (
    <>
      {scan.problem && (
        <Line icon={<StateIcon state="bad" label={null} />}>
          {scan.problem.message} <span className="text-muted">{scan.problem.suggestion}</span>
        </Line>
      )}
      <p className="px-4 pb-2.5 pl-[42px] text-xs text-faint">
        {scan.tagCount} {scan.tagCount === 1 ? 'tag' : 'tags'}
        {scan.scannedAt !== undefined && (
          <>
            , scanned <RelativeTime at={scan.scannedAt} suffix />
          </>
        )}
        , next scan <NextScan at={scan.nextScanAt} />
      </p>
    </>
  )
}
