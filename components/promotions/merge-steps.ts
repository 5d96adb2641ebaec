import type { MergeOfSource, PromotionDetail } from '#lib/api/promotions.ts'
import type { State } from '../ui/state-icon.tsx'

export interface MergeStepLook {
  key: 'pull' | 'merge' | 'tag' | 'build'
  state: State
  words: string
  /** Where more is to be seen. */
  href?: string
  link?: string
}

/** What happens at the source, one after the other, and how far it has come. */
export function mergeSteps(
  { state, endedAt }: Pick<PromotionDetail, 'state' | 'endedAt'>,
  merge: MergeOfSource,
): MergeStepLook[] {
  const ended = endedAt !== undefined
  const next = (done: boolean, begun: boolean): State => (done ? 'ok' : begun && !ended ? 'run' : 'none')
  const { pull, merged, head, base, tag, url, built } = merge
  const merging = state === 'writing' && !merged
  const steps: (MergeStepLook | false)[] = [
    !merged?.earlier && {
      key: 'pull',
      state: next(pull !== undefined, true),
      words: pull ? 'Pull request' : `A pull request from ${head.branch} to ${base.branch} is opened`,
      ...(pull ? { href: pull.url, link: `#${pull.number}` } : {}),
    },
    {
      key: 'merge',
      state: next(merged !== undefined, merging),
      words: mergeWords(merge),
      ...(merged ? { href: `${url}/commit/${merged.commit}`, link: merged.commit.slice(0, 8) } : {}),
    },
    tag !== undefined && {
      key: 'tag',
      state: next(built, merged !== undefined),
      words: built ? `Tagged ${tag}` : `The merge is tagged ${tag}`,
    },
    { key: 'build', state: next(built, merged !== undefined), words: buildWords(merge) },
  ]
  return steps.filter((step) => step !== false)
}

function mergeWords({ merged, head, base }: MergeOfSource): string {
  if (!merged) return `${head.branch} is merged into ${base.branch}`
  if (merged.earlier) return `${base.branch} has everything of ${head.branch} already, at`
  return `Merged into ${base.branch}${merged.by === undefined ? '' : ` by ${merged.by}`} as`
}

function buildWords({ awaits, built }: MergeOfSource): string {
  const names = awaits.map(({ repository, filter, version }) => {
    const name = repository.split('/').at(-1) ?? repository
    return version === undefined ? `${name} for ${filter}` : `${name}:${version}`
  })
  return `CI ${built ? 'built' : 'builds'} ${names.join(', ')}${built ? '' : ', which is planned before it is deployed'}`
}
