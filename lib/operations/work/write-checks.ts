import { formatImageRef } from '#lib/core/image/index.ts'
import { parseManifestFile } from '#lib/core/manifest/index.ts'
import type { Hold } from '#lib/core/pipeline/index.ts'
import { readAutomation } from '#lib/core/policy/index.ts'
import { detectContainers } from '#lib/core/values/index.ts'
import type { WriteRequest } from '#lib/ports/store/index.ts'

/**
 * A lock that stands in the head, or a hold on the whole environment or application, stops automation and releases by
 * hand; policy edits and unlocking pass.
 */
export function heldAtHead(request: WriteRequest, text: string, hold: Hold | undefined): string | undefined {
  if (request.kind !== 'auto-release' && request.kind !== 'release' && request.kind !== 'promote') return undefined
  const annotations = annotationsOf(request, text)
  if (!annotations) return undefined
  const { automation } = readAutomation(annotations, [])
  const locked = automation.locked ?? hold
  if (locked) {
    const by = locked.user ? ` by ${locked.user}` : ''
    return `Locked${by}${locked.message ? `: ${locked.message}` : ''}.`
  }
  if (request.kind === 'auto-release' && !automation.automated) return 'No longer automated.'
  return undefined
}

/** The decision saw another image than the one that stands there now. */
export function supersededAtHead(request: WriteRequest, text: string): string | undefined {
  const annotations = annotationsOf(request, text)
  if (!annotations) return `${request.target.id} is gone from ${request.target.path}.`
  const { containers } = detectContainers(text, { id: request.target.id }, annotations)
  for (const change of request.changes) {
    if (change.kind !== 'image') continue
    const expected = request.expects[change.container]
    const container = containers.find((candidate) => candidate.name === change.container)
    if (!container) return `Container ${change.container} is gone from ${request.target.id}.`
    const written = formatImageRef(container.image)
    if (expected !== undefined && written !== expected) return `${change.container} meanwhile says ${written}.`
  }
  return undefined
}

function annotationsOf(request: WriteRequest, text: string): Record<string, string> | undefined {
  const { documents } = parseManifestFile({ path: request.target.path, text, blob: '' })
  const document = documents.find((candidate) => candidate.id === request.target.id)
  return document ? (document.object.metadata.annotations ?? {}) : undefined
}
