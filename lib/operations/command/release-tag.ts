import { Fault } from '#lib/core/fault/index.ts'
import { formatImageRef, isValidTag, repositoryName } from '#lib/core/image/index.ts'
import { judgeTags, policyOf, type TagVerdictKind } from '#lib/core/policy/index.ts'
import type { DocumentChange } from '#lib/core/values/index.ts'
import type { CommandRecord, ReleaseRecord } from '#lib/ports/store/index.ts'
import type { WorkerDeps } from '../work/deps.ts'
import { toFact } from '../work/tag-fact.ts'
import { desiredOf, requestEdit } from './request-edit.ts'
import type { CommandResult } from './execute-command.ts'

/** Automation would never choose it. */
const outsideVerdicts: ReadonlySet<TagVerdictKind> = new Set<TagVerdictKind>(['not-matched', 'unparseable', 'refused'])

/**
 * Releases one tag by hand. The tag must be in the registry now; outside its policy only with `force`, and then
 * automation is switched off in the same commit, so that it does not undo what a person chose.
 */
export async function releaseTag(
  deps: WorkerDeps,
  command: CommandRecord,
  record: ReleaseRecord,
  wanted: { container: string; tag: string; force?: boolean; message: string },
): Promise<CommandResult> {
  const release = desiredOf(deps, record)
  const container = release.containers.find((candidate) => candidate.name === wanted.container)
  if (!container) throw new Fault('invalid', `${release.id} has no container ${wanted.container}.`)
  if (!isValidTag(wanted.tag)) throw new Fault('invalid', `${wanted.tag.slice(0, 64)} is no tag.`)
  if (release.automation.locked)
    throw new Fault(
      'conflict',
      `${record.name} is held${release.automation.locked.message ? `: ${release.automation.locked.message}` : ''}.`,
      {
        suggestion: 'Lift the hold first.',
      },
    )
  if (container.image.tag === wanted.tag) throw new Fault('conflict', `${wanted.tag} is what Git says already.`)
  const head = await (
    await deps.registry(container.image.host, [release.targetNamespace])
  ).headTag(container.image, wanted.tag)
  if (!head)
    throw new Fault('not-found', `${repositoryName(container.image)} has no tag ${wanted.tag}.`, {
      suggestion: 'Push it first, or choose one of the listed tags.',
    })
  const { policy, written } = policyOf(release, container)
  const tags = (await deps.store.allTags(repositoryName(container.image))).map(toFact)
  const verdict =
    policy &&
    judgeTags({
      policy,
      current: container.image.tag,
      currentFact: tags.find((tag) => tag.name === container.image.tag),
      tags,
      refused: release.automation.refused[container.name],
    }).find((entry) => entry.tag === wanted.tag)
  const outside = verdict !== undefined && outsideVerdicts.has(verdict.verdict)
  if (outside && !wanted.force)
    throw new Fault('conflict', `${wanted.tag} is outside of the policy ${written}: ${verdict.reason}`, {
      suggestion: 'Release it with force; automation is then switched off until a person switches it on again.',
    })
  const older = verdict?.verdict === 'older'
  const changes: DocumentChange[] = [
    {
      kind: 'image',
      container: container.name,
      tag: wanted.tag,
      ...(container.image.digest === undefined ? {} : { digest: head.digest }),
    },
    ...((outside || older) && release.automation.automated ? holdEdits(command, wanted.message) : []),
  ]
  return requestEdit(deps, command, record, release, {
    kind: 'release',
    changes,
    expects: { [container.name]: formatImageRef(container.image) },
    reason: `Release ${wanted.tag} of ${container.name}: ${wanted.message}`,
    auditKind: 'release.requested',
  })
}

/** A choice that automation would undo carries a hold in the same commit (§9.14). */
function holdEdits(command: CommandRecord, message: string): DocumentChange[] {
  return [
    { kind: 'annotation', key: 'fluxcd.io/locked', value: 'true' },
    { kind: 'annotation', key: 'fluxcd.io/locked_user', value: command.actor.email },
    { kind: 'annotation', key: 'fluxcd.io/locked_msg', value: message },
  ]
}
