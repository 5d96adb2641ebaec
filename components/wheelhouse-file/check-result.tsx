'use client'

import type { PipelineCheck } from '#lib/api/pipeline.ts'
import type { Problem } from '#lib/api/shared.ts'
import { Section } from '../ui/card.tsx'
import { StateIcon } from '../ui/state-icon.tsx'
import { LoosenedWords } from './loosened-words.tsx'
import { PipelineSketch } from './pipeline-sketch.tsx'

/** What the text means: what is wrong in it by line, what it loosens, and the pipeline it draws. */
export function CheckResult({
  check,
  isCurrent,
  onLine,
}: {
  check: PipelineCheck
  /** false = it is about an earlier text. */
  isCurrent: boolean
  onLine: (line: number) => void
}) {
  const { problems, pipeline, loosens } = check
  return (
    <div className="grid content-start gap-[18px]" aria-busy={!isCurrent}>
      {loosens.length > 0 && (
        <div className="[&>*:last-child]:mb-0">
          <LoosenedWords loosens={loosens} />
        </div>
      )}
      <Section title="Problems" note={problems.length > 0 ? `${problems.length}, by line` : undefined}>
        {problems.length === 0 ? (
          <p className="flex items-center gap-2 px-4 py-3 text-muted">
            <StateIcon state="ok" label={null} /> It can be written as it is.
          </p>
        ) : (
          <ul aria-label="Problems in the text" className="divide-y divide-line">
            {problems.map((problem, at) => (
              <ProblemItem key={at} problem={problem} onLine={onLine} />
            ))}
          </ul>
        )}
      </Section>
      <Section title="Pipeline" note="as this text draws it">
        {pipeline ? (
          <PipelineSketch pipeline={pipeline} />
        ) : (
          <p className="px-4 py-4 text-muted">It is drawn again once the text can be read.</p>
        )}
      </Section>
    </div>
  )
}

function ProblemItem({ problem, onLine }: { problem: Problem; onLine: (line: number) => void }) {
  const { line, message, suggestion, code, severity } = problem
  return (
    <li className="flex items-start gap-2.5 px-4 py-2.5">
      <StateIcon state={severity === 'error' ? 'bad' : 'wait'} label={severity} className="mt-[3px] size-3.5" />
      <div className="min-w-0 flex-1">
        <p>{message}</p>
        {suggestion && <p className="text-muted">{suggestion}</p>}
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-faint">
          {line !== undefined && (
            <button type="button" className="link mono text-muted" onClick={() => onLine(line)}>
              line {line}
            </button>
          )}
          <span>{code}</span>
        </p>
      </div>
    </li>
  )
}
