import { z } from 'zod'
import { gateNames } from '#lib/core/gate/index.ts'
import { endpoint } from './endpoint.ts'
import { CommandAnswer, Message, Problem, Way } from './shared.ts'

export const PipelineGate = z.object({
  gate: z.enum(gateNames),
  /** `soak 30 min` */
  words: z.string(),
  /** Each of its rules as a sentence. */
  says: z.array(z.string()),
  /** The clock alone keeps it shut now. */
  shut: z.boolean(),
})
export type PipelineGate = z.infer<typeof PipelineGate>

export const PipelineEnvironment = z.object({
  name: z.string(),
  /** In force; empty = it follows at once. */
  gates: z.array(PipelineGate),
})

export const Pipeline = z.object({
  /** In order, sources before what is promoted from them where the order is inferred. */
  environments: z.array(PipelineEnvironment),
  /** Promotions from one environment to the next, whatever is in them; those of an application stand in its row of the matrix. */
  edges: z.array(Way),
  /** Environments that nothing is promoted from or to. */
  beside: z.array(z.string()),
})
export type Pipeline = z.infer<typeof Pipeline>

export const getPipeline = endpoint({
  method: 'GET',
  path: '/api/v1/pipeline',
  permission: 'promotions:read',
  summary: 'Which environment is promoted from where, and through which gates',
  response: Pipeline,
})

/** Far more than a pipeline needs; with it a request stays below the limit of all bodies. */
const FileText = z.string().max(100_000, 'has more than 100,000 characters')
/** Git object id; null = there is no such file. */
const BlobId = z.string().max(64).nullable()

export const PipelineFile = z.object({
  path: z.string(),
  /** Absent = the worker has not read the branch yet. */
  head: z
    .object({
      commit: z.string(),
      blob: BlobId,
      /** null = there is none, or it is no text. */
      text: z.string().nullable(),
    })
    .optional(),
  /** A text to begin with, that says what is inferred. */
  start: z.string(),
})
export type PipelineFile = z.infer<typeof PipelineFile>

export const getPipelineFile = endpoint({
  method: 'GET',
  path: '/api/v1/pipeline/file',
  permission: 'promotions:read',
  summary: 'wheelhouse.yaml as it stands at the head of the branch; for whoever may see every environment',
  response: PipelineFile,
})

export const PipelineCheck = z.object({
  /** In the order of the file; empty = it can be written. */
  problems: z.array(Problem),
  /** What it would draw; absent where it cannot be read. */
  pipeline: Pipeline.optional(),
  /** Gates that it would loosen, and that therefore hold it first. */
  loosens: z.array(z.object({ environment: z.string(), what: z.array(z.string()) })),
})
export type PipelineCheck = z.infer<typeof PipelineCheck>

export const checkPipeline = endpoint({
  method: 'POST',
  path: '/api/v1/pipeline/check',
  permission: 'promotions:read',
  summary: 'What a wheelhouse.yaml would mean: problems by line, pipeline, gates it loosens; writes nothing',
  body: z.object({ text: FileText }),
  response: PipelineCheck,
})

export const writePipelineFile = endpoint({
  method: 'PUT',
  path: '/api/v1/pipeline/file',
  permission: 'settings:write',
  summary: 'Write wheelhouse.yaml (one commit); refused where the file is not the one it starts from any more',
  body: z.object({
    text: FileText,
    /** The `blob` that the text starts from. */
    base: BlobId,
    message: Message.min(1, 'say what it changes; it becomes the first line of the commit'),
  }),
  response: CommandAnswer,
  answer: 'command',
})
