import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { Release } from './release-schemas.ts'
import { CommandAnswer, EnvironmentName, Mode, Way } from './shared.ts'

export const Environment = z.object({ name: z.string(), mode: Mode, releases: z.number() })
export type Environment = z.infer<typeof Environment>

export const MatrixCell = z.object({
  environment: z.string(),
  /** Empty = the application is not in this environment; more than one = two candidates, kept apart. */
  releases: z.array(Release),
})

export const MatrixRow = z.object({
  application: z.string(),
  cells: z.array(MatrixCell),
  /** What is promoted from where: as `wheelhouse.yaml` says, else to the next stage that has it. */
  ways: z.array(Way),
})
export type MatrixRow = z.infer<typeof MatrixRow>

export const Matrix = z.object({
  /** In order: dev, test, stg, prod, then the rest. */
  environments: z.array(Environment),
  rows: z.array(MatrixRow),
  /** Environments that share no application with another, such as `adm`: listed below the matrix. */
  apart: z.array(z.object({ environment: Environment, releases: z.array(Release) })),
})
export type Matrix = z.infer<typeof Matrix>

export const getMatrix = endpoint({
  method: 'GET',
  path: '/api/v1/environments',
  permission: 'releases:read',
  summary: 'Applications by environment',
  response: Matrix,
})

export const setEnvironmentMode = endpoint({
  method: 'POST',
  path: '/api/v1/environments/{name}/mode',
  permission: 'environments:act',
  summary: 'Only look, or act',
  params: z.object({ name: EnvironmentName }),
  body: z.object({ mode: Mode }),
  response: CommandAnswer,
  answer: 'command',
})
