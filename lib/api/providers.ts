import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Roles } from './people.ts'
import { ById, EnvironmentName, Id, Role, Time, listOf } from './shared.ts'

const Group = z.string().trim().min(1).max(200)

export const ProviderRules = z.object({
  /** Where claims hold groups; a dot goes one level down. */
  groupsClaim: z.string().trim().max(200).default('groups'),
  mapping: z
    .array(z.object({ group: Group, environment: z.union([z.literal('*'), EnvironmentName]), role: Role }))
    .max(500)
    .default([]),
  /** Of whoever is in no group of the mapping; empty = they see nothing. */
  defaultRoles: Roles.default({}),
  /** Domains of e-mail that may come in; empty = any. */
  domains: z.array(z.string().trim().min(1).max(253)).max(100).default([]),
  /** One of these groups is needed; empty = none. */
  groups: z.array(Group).max(100).default([]),
  /** People nobody invited come in too. */
  createUnknown: z.boolean().default(false),
})
export type ProviderRules = z.infer<typeof ProviderRules>

const Kind = z.enum(['oidc', 'github'])

export const Provider = z.object({
  id: z.string(),
  kind: Kind,
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  rules: ProviderRules,
  createdAt: Time,
  createdBy: z.string(),
})
export type Provider = z.infer<typeof Provider>

export const listProviders = endpoint({
  method: 'GET',
  path: '/api/v1/sign-in-providers',
  permission: 'settings:read',
  summary: 'Who vouches for people',
  response: z.object({
    items: z.array(Provider),
    /** To be registered at each of them. */
    redirectUri: z.string(),
  }),
})

export const saveProvider = endpoint({
  method: 'POST',
  path: '/api/v1/sign-in-providers',
  permission: 'settings:write',
  summary: 'A new way to sign in, or a changed one',
  body: z.object({
    /** Absent = a new one. */
    id: Id.optional(),
    kind: Kind,
    name: z.string().trim().min(1).max(60),
    issuer: z.url({ protocol: /^https?$/ }).max(500),
    clientId: z.string().trim().min(1).max(300),
    /** Kept encrypted and never told; absent = the one there is. */
    clientSecret: z.string().min(1).max(2000).optional(),
    rules: ProviderRules,
  }),
  response: Provider,
})

export const removeProvider = endpoint({
  method: 'DELETE',
  path: '/api/v1/sign-in-providers/{id}',
  permission: 'settings:write',
  summary: 'Nobody comes in by it any more',
  params: ById,
  response: z.object({ removed: z.literal(true) }),
})

export const listWays = endpoint({
  method: 'GET',
  path: '/api/session/ways',
  permission: 'public',
  summary: 'How one can sign in besides with password and link',
  response: listOf(Provider.pick({ id: true, kind: true, name: true })),
})

export const beginSignIn = endpoint({
  method: 'GET',
  path: '/api/session/begin/{id}',
  permission: 'public',
  summary: 'Sends the browser to a provider',
  params: ById,
  query: z.object({ next: z.string().max(2000).optional() }),
  response: z.string(),
  answer: 'text',
})

export const finishSignIn = endpoint({
  method: 'GET',
  path: '/api/session/callback',
  permission: 'public',
  summary: 'Where a provider sends the browser back to',
  response: z.string(),
  answer: 'text',
})
