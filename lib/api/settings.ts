import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Mode, Problem, Time } from './shared.ts'

export const Settings = z.object({
  cluster: z.object({
    name: z.string(),
    /** API server, without credentials. */
    server: z.string().optional(),
    version: z.string().optional(),
    helm: z.string().optional(),
    state: z.enum(['unknown', 'ready', 'unreachable', 'waiting']),
    reason: z.string().optional(),
  }),
  repository: z.object({ url: z.string().optional(), branch: z.string() }),
  registries: z.array(
    z.object({ host: z.string(), repositories: z.number(), insecure: z.boolean(), problem: Problem.optional() }),
  ),
  environments: z.array(z.object({ name: z.string(), mode: Mode })),
  worker: z.object({ state: z.enum(['running', 'absent']), holder: z.string().optional(), until: Time.optional() }),
  version: z.string(),
})
export type Settings = z.infer<typeof Settings>

export const getSettings = endpoint({
  method: 'GET',
  path: '/api/v1/settings',
  permission: 'settings:read',
  summary: 'Cluster, repository, registries and worker as configured',
  response: Settings,
})
