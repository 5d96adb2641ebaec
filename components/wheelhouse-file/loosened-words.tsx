import type { PipelineCheck } from '#lib/api/pipeline.ts'
import { TimedText } from '../promotions/timed-text.tsx'
import { Banner } from '../ui/banner.tsx'

/** That the gates as they are hold what loosens them (§9.15), said before anybody writes it. */
export function LoosenedWords({ loosens }: { loosens: PipelineCheck['loosens'] }) {
  return loosens.map(({ environment, what }) => (
    <Banner key={environment} state="wait">
      <b className="font-semibold">This loosens the gates of {environment}:</b>{' '}
      <span className="text-muted">
        <TimedText text={`${what.join(', ')}.`} /> It can be written; until the old gates let it through, they stay in
        force.
      </span>
    </Banner>
  ))
}
