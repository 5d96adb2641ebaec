import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ReleaseImage } from './release-schemas.ts'
import { CommandAnswer, Paging, Problem, Time, listOf, pageOf } from './shared.ts'

const repositoryName = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[a-z0-9]+(?:[._:/-]+[a-z0-9]+)*$/i, 'host/path of an image repository')

export const TagVerdictKind = z.enum([
  'selected',
  'current',
  'older',
  'not-matched',
  'no-build-time',
  'time-unread',
  'refused',
  'vanished',
  'outranked',
  'unparseable',
])
export type TagVerdictKind = z.infer<typeof TagVerdictKind>

export const Tag = z.object({
  name: z.string(),
  digest: z.string().optional(),
  /** Build time; null = the image carries none; absent = not read. */
  created: Time.nullable().optional(),
  firstSeenAt: Time,
  vanishedAt: Time.optional(),
  moved: z.object({ from: z.string(), at: Time }).optional(),
})
export type Tag = z.infer<typeof Tag>

export const JudgedTag = Tag.extend({ verdict: TagVerdictKind, reason: z.string() })
export type JudgedTag = z.infer<typeof JudgedTag>

/** What automation would do now. */
export const PolicyDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('move'), tag: z.string(), reason: z.string() }),
  z.object({ kind: z.literal('stay'), reason: z.string() }),
  z.object({ kind: z.literal('waiting'), reason: z.string(), read: z.number(), of: z.number() }),
  z.object({ kind: z.literal('blocked'), problem: Problem }),
])

/** One entry of the log of what automation decided. */
export const Decision = z.object({
  container: z.string(),
  at: Time,
  policy: z.string(),
  current: z.string().optional(),
  kind: z.enum(['move', 'stay', 'waiting', 'blocked']),
  tag: z.string().optional(),
  reason: z.string(),
  operation: z.string().optional(),
})
export type Decision = z.infer<typeof Decision>

export const ImageRepository = z.object({
  name: z.string(),
  scannedAt: Time.optional(),
  nextScanAt: Time,
  tagCount: z.number(),
  /** Why the last scan failed; absent = fine. */
  problem: Problem.optional(),
  /** Release ids. */
  usedBy: z.array(z.string()),
})
export type ImageRepository = z.infer<typeof ImageRepository>

export const ReleaseContainer = ReleaseImage.extend({
  /** State of the scan; absent = not watched. */
  scan: ImageRepository.omit({ usedBy: true, name: true }).optional(),
  decision: PolicyDecision.optional(),
  tags: z.object({ items: z.array(JudgedTag), next: z.string().optional() }),
})
export type ReleaseContainer = z.infer<typeof ReleaseContainer>

export const ReleaseImages = z.object({
  containers: z.array(ReleaseContainer),
  /** Newest first, at most 50. */
  decisions: z.array(Decision),
})
export type ReleaseImages = z.infer<typeof ReleaseImages>

export const listImages = endpoint({
  method: 'GET',
  path: '/api/v1/images',
  permission: 'releases:read',
  summary: 'Watched image repositories and the state of their scans',
  response: listOf(ImageRepository),
})

export const listImageTags = endpoint({
  method: 'GET',
  path: '/api/v1/images/tags',
  permission: 'releases:read',
  summary: 'Tags of a watched repository, newest first',
  query: Paging.extend({ repository: repositoryName, search: z.string().max(128).optional() }),
  response: pageOf(Tag),
})

export const scanImage = endpoint({
  method: 'POST',
  path: '/api/v1/images/scan',
  permission: 'sync:write',
  summary: 'Read the tags of a repository now',
  body: z.object({ repository: repositoryName }),
  response: CommandAnswer,
  answer: 'command',
})
