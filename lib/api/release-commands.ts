import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, CommandAnswer, Message } from './shared.ts'

const container = z.string().min(1).max(253)
/** OCI distribution: at most 128 characters. */
const tag = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'a tag is at most 128 letters, digits, "_", "." and "-"')
const optionalMessage = z.object({ message: Message.optional() }).default({})

export const automateRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/automate',
  permission: 'policies:write',
  summary: 'Let policies update the release (one commit)',
  params: ById,
  body: optionalMessage,
  response: CommandAnswer,
  answer: 'command',
})

export const deautomateRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/deautomate',
  permission: 'policies:write',
  summary: 'Stop policies from updating the release (one commit)',
  params: ById,
  body: optionalMessage,
  response: CommandAnswer,
  answer: 'command',
})

export const lockRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/lock',
  permission: 'holds:write',
  summary: 'Hold the release as it is, with a reason (one commit)',
  params: ById,
  body: z.object({
    message: Message.min(1, 'say why, so that the next person knows'),
    /** RFC 3339. */
    until: z.iso.datetime({ offset: true }).optional(),
  }),
  response: CommandAnswer,
  answer: 'command',
})

export const unlockRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/unlock',
  permission: 'holds:write',
  summary: 'Lift the hold (one commit)',
  params: ById,
  body: optionalMessage,
  response: CommandAnswer,
  answer: 'command',
})

export const setPolicy = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/policy',
  permission: 'policies:write',
  summary: 'Change or remove the tag filter of a container (one commit)',
  params: ById,
  body: z.object({
    container,
    /** `glob:…`, `semver:…`, `regexp:…`; null removes the filter. */
    pattern: z.string().min(1).max(1024).nullable(),
    message: Message.optional(),
  }),
  response: CommandAnswer,
  answer: 'command',
})

export const releaseTag = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/release',
  permission: 'releases:write',
  summary: 'Release a chosen tag by hand (one commit)',
  params: ById,
  body: z.object({
    container,
    tag,
    message: Message.min(1, 'say why, so that the next person knows'),
    /** Also where the policy does not match the tag. */
    force: z.boolean().optional(),
  }),
  response: CommandAnswer,
  answer: 'command',
})

export const retryRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/retry',
  permission: 'releases:write',
  summary: 'Try a failed release again now',
  params: ById,
  body: optionalMessage,
  response: CommandAnswer,
  answer: 'command',
})

export const unlockPending = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/unlock-pending',
  permission: 'releases:write',
  summary: 'Free a release stuck in a pending-* status and go on',
  params: ById,
  body: optionalMessage,
  response: CommandAnswer,
  answer: 'command',
})

export const adoptRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/adopt',
  permission: 'adoptions:write',
  summary: 'Take over an installed release that differs from Git',
  params: ById,
  body: optionalMessage,
  response: CommandAnswer,
  answer: 'command',
})

export const rollbackRelease = endpoint({
  method: 'POST',
  path: '/api/v1/releases/{id}/rollback',
  permission: 'releases:rollback',
  summary: 'Go back to an earlier revision and hold it there (one commit)',
  params: ById,
  body: z.object({
    revision: z.int().min(1),
    reason: Message.min(1, 'say why, so that the next person knows'),
    /** RFC 3339; absent = until somebody lifts the hold. */
    holdUntil: z.iso.datetime({ offset: true }).optional(),
  }),
  response: CommandAnswer,
  answer: 'command',
})

export const liftHold = endpoint({
  method: 'DELETE',
  path: '/api/v1/releases/{id}/hold',
  permission: 'holds:write',
  summary: 'Lift the hold (one commit)',
  params: ById,
  response: CommandAnswer,
  answer: 'command',
})
