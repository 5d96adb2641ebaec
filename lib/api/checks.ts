import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { ById, CommandAnswer, Time } from './shared.ts'

const CheckState = z.enum(['pending', 'success', 'failure'])

/** What one system outside said of the plan that stands, or of its commit. */
export const Check = z.object({
  name: z.string(),
  state: CheckState,
  description: z.string().optional(),
  url: z.string().optional(),
  /** Who reported it; absent = the host of the repository says so of the commit. */
  by: z.string().optional(),
  at: Time,
})
export type Check = z.infer<typeof Check>

export const reportCheck = endpoint({
  method: 'POST',
  path: '/api/v1/promotions/{id}/checks',
  permission: 'promotions:check',
  summary: 'Say how a check of this very plan went, where its environment asks for it',
  params: ById,
  body: z.object({
    /** As `gates.checks` of wheelhouse.yaml names it. */
    name: z.string().trim().min(1).max(200),
    state: CheckState,
    /** The plan that was checked; another one is refused. */
    planDigest: z.string().min(1).max(200),
    /** One line. */
    description: z.string().trim().max(500).optional(),
    /** Where it is looked at. */
    url: z
      .url({ protocol: /^https?$/, error: 'is no address of http or https' })
      .max(2_000)
      .optional(),
  }),
  response: CommandAnswer,
  answer: 'command',
})
