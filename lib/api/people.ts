import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, EnvironmentName, Role, Time, listOf } from './shared.ts'

/** Role by environment; `*` = all. */
export const Roles = z
  .record(z.union([z.literal('*'), EnvironmentName]), Role)
  .refine((roles) => Object.keys(roles).length <= 100, 'at most 100 environments')
export type Roles = z.infer<typeof Roles>

export const Person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  /** Role by environment; `*` = all. */
  roles: z.record(z.string(), Role),
  createdAt: Time,
  disabledAt: Time.optional(),
  /** Absent = never. */
  lastSeenAt: Time.optional(),
})
export type Person = z.infer<typeof Person>

export const ListedPerson = Person.extend({
  /** Whether they could sign in with one. */
  hasPassword: z.boolean(),
  /** Name of the provider whose groups give the roles; absent = they are given by hand. */
  rolesFrom: z.string().optional(),
  /** Groups as a provider named them at the last sign-in. */
  teams: z.array(z.string()).optional(),
})
export type ListedPerson = z.infer<typeof ListedPerson>

export const PersonName = z.string().trim().min(1).max(100)

/** Lets its holder choose the password of a person, once; told in this answer and never again. */
export const PasswordLink = z.object({ link: z.string(), expiresAt: Time })
export type PasswordLink = z.infer<typeof PasswordLink>

const Ended = z.object({ ended: z.number() })

export const listPeople = endpoint({
  method: 'GET',
  path: '/api/v1/people',
  permission: 'people:read',
  summary: 'People and their roles',
  response: listOf(ListedPerson),
})

export const invitePerson = endpoint({
  method: 'POST',
  path: '/api/v1/people',
  permission: 'people:write',
  summary: 'Invite a person; the answer has the link that lets them choose a password',
  body: z.object({ email: z.email().max(254), name: PersonName, roles: Roles }),
  response: PasswordLink.extend({ person: Person }),
})

export const removePerson = endpoint({
  method: 'DELETE',
  path: '/api/v1/people/{id}',
  permission: 'people:write',
  summary: 'Remove a person with their sessions and tokens',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})

export const setRoles = endpoint({
  method: 'POST',
  path: '/api/v1/people/{id}/roles',
  permission: 'people:write',
  summary: 'What a person may, in place of what they might',
  params: ById,
  body: z.object({ roles: Roles }),
  response: Person,
})

export const disablePerson = endpoint({
  method: 'POST',
  path: '/api/v1/people/{id}/disable',
  permission: 'people:write',
  summary: 'Keep a person out, at once; what they did stays',
  params: ById,
  response: Person,
})

export const enablePerson = endpoint({
  method: 'POST',
  path: '/api/v1/people/{id}/enable',
  permission: 'people:write',
  summary: 'Let a disabled person in again',
  params: ById,
  response: Person,
})

export const makePasswordLink = endpoint({
  method: 'POST',
  path: '/api/v1/people/{id}/password-link',
  permission: 'people:write',
  summary: 'A new link that lets a person choose a password, in place of those there were',
  params: ById,
  response: PasswordLink,
})

export const Session = z.object({
  id: z.string(),
  /** `link`, `password`, or the name of the provider that vouched. */
  way: z.string(),
  userAgent: z.string(),
  /** '' = not known. */
  address: z.string(),
  createdAt: Time,
  lastUsedAt: Time,
  /** When it ends if it is not used again. */
  endsAt: Time,
  /** The one that asks. */
  current: z.boolean(),
})
export type Session = z.infer<typeof Session>

export const listSessionsOf = endpoint({
  method: 'GET',
  path: '/api/v1/people/{id}/sessions',
  permission: 'people:read',
  summary: 'Where a person is signed in',
  params: ById,
  response: listOf(Session),
})

export const endSessionsOf = endpoint({
  method: 'DELETE',
  path: '/api/v1/people/{id}/sessions',
  permission: 'people:write',
  summary: 'Sign a person out everywhere',
  params: ById,
  response: Ended,
})

export const listOwnSessions = endpoint({
  method: 'GET',
  path: '/api/v1/me/sessions',
  permission: 'signed-in',
  summary: 'Where the caller is signed in',
  response: listOf(Session),
})

export const endOtherSessions = endpoint({
  method: 'DELETE',
  path: '/api/v1/me/sessions',
  permission: 'signed-in',
  summary: 'Sign the caller out everywhere else',
  response: Ended,
})

export const endOneSession = endpoint({
  method: 'DELETE',
  path: '/api/v1/sessions/{id}',
  permission: 'signed-in',
  summary: "End one session: one's own, or as an administrator anybody's",
  params: ById,
  response: Ended,
})
