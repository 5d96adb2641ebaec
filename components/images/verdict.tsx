import type { TagVerdictKind } from '#lib/api/images.ts'
import { Chip, type ChipTone } from '../ui/chip.tsx'
import { StateIcon, type State } from '../ui/state-icon.tsx'

const looks: Record<TagVerdictKind, { words: string; tone: ChipTone; state: State }> = {
  selected: { words: 'chosen', tone: 'brass', state: 'ok' },
  current: { words: 'runs', tone: 'ok', state: 'ok' },
  older: { words: 'older', tone: 'plain', state: 'none' },
  'not-matched': { words: 'no match', tone: 'plain', state: 'none' },
  'no-build-time': { words: 'no build time', tone: 'wait', state: 'wait' },
  'time-unread': { words: 'time not read yet', tone: 'run', state: 'run' },
  refused: { words: 'refused', tone: 'held', state: 'held' },
  vanished: { words: 'vanished', tone: 'bad', state: 'bad' },
  outranked: { words: 'outranked', tone: 'plain', state: 'none' },
  unparseable: { words: 'no version', tone: 'plain', state: 'none' },
}

export function VerdictMark({ verdict }: { verdict: TagVerdictKind }) {
  const look = looks[verdict]
  return (
    <Chip tone={look.tone}>
      {look.state !== 'none' && <StateIcon state={look.state} label={null} className="size-3" />}
      {look.words}
    </Chip>
  )
}
