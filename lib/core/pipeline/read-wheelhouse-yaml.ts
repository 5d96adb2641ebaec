import { isMap, isNode, isPair, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import type { Problem } from '../problem/index.ts'
import { Instant, Name, Reason } from './config-fields.ts'
import { suggestKeys, suggestUse } from './explain-schema.ts'
import { pipelineProblems, type PlacedMessage } from './pipeline-problems.ts'
import { promotionFields, toPromotionRules } from './promotion-rules.ts'
import type { WheelhouseConfig } from './types.ts'

export const wheelhouseFile = 'wheelhouse.yaml'
const maxCharacters = 1024 * 1024

const Policy = z.enum(['off', 'ask', 'on'])
const HoldFile = z.strictObject({
  user: z.string().max(200).optional(),
  message: z.string().max(1_000).optional(),
  until: Instant.optional().describe('RFC 3339; an expired hold still holds, and alerts'),
})
const Environment = z.union([
  Name,
  z.strictObject({
    name: Name,
    deletion: Policy.optional().describe('What happens to objects removed from Git; default: ask'),
    hold: HoldFile.optional(),
    stop: Reason.optional().describe('Nothing is committed or deployed here while this stands; the text says why'),
    ...promotionFields,
  }),
])
/** What Git takes as the name of a branch (git-check-ref-format), near enough to find a slip. */
const Branch = z
  .string()
  .max(200)
  .regex(/^(?![-/])[^\s~^:?*[\\]+$/, 'is no name of a branch')
const Application = z.strictObject({
  source: z
    .string()
    .max(1_000)
    .optional()
    .describe('Repository it is built from: owner/name or the address at GitHub, for the way merge'),
  branches: z
    .record(Name, Branch)
    .optional()
    .describe('Branch there by environment; default: its name, the default branch for the last environment'),
  hold: HoldFile.optional(),
})
const Directory = z
  .string()
  .max(500)
  .refine(
    (path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'),
    'leaves the repository',
  )

/** What `wheelhouse.yaml` at the root of the config repository may say; source of `public/wheelhouse.schema.json`. */
export const WheelhouseYaml = z.strictObject({
  environments: z.array(Environment).max(200).optional().describe('In the order of promotion; absent: inferred'),
  deletion: Policy.optional().describe('For environments that say nothing themselves; default: ask'),
  paths: z.array(Directory).max(100).optional().describe('Directories with manifests; absent: namespaces and releases'),
  applications: z.record(Name, Application).optional(),
  stop: Reason.optional().describe('Nothing is committed or deployed anywhere while this stands; the text says why'),
})
export type WheelhouseYaml = z.infer<typeof WheelhouseYaml>

/** JSON Schema (2020-12) of `wheelhouse.yaml`, for editors. */
export function wheelhouseJsonSchema(): Record<string, unknown> {
  return { title: wheelhouseFile, ...z.toJSONSchema(WheelhouseYaml, { io: 'input' }) }
}

/** What holds where there is no file. */
export const defaultConfig: WheelhouseConfig = {
  environments: [],
  deletion: { default: 'ask', environments: {} },
  paths: [],
  applications: {},
  holds: { environments: {}, applications: {} },
  stop: { environments: {} },
  promotion: {},
}

export interface ReadConfig {
  /** Absent if anything in the file is wrong: the last good one stays in force, and a stop is never lost by a typing mistake. */
  config: WheelhouseConfig | undefined
  problems: Problem[]
}

const problem = (code: string, message: string, more: Partial<Problem> = {}): Problem => ({
  code,
  severity: 'error',
  message,
  path: wheelhouseFile,
  ...more,
})

/** Offset of the value at `path`, or of the key itself; of the nearest parent that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && String(item.key) === String(path[length - 1]))
      : undefined
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0]
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

type Misplaced = Pick<PlacedMessage, 'message' | 'suggestion'> & { path: readonly PropertyKey[] }

/** Zod names the map for unknown keys and hides branches of unions; people need the key itself. */
function flatten(issues: readonly z.core.$ZodIssue[], base: readonly PropertyKey[] = []): Misplaced[] {
  const schema = wheelhouseJsonSchema()
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path]
    if (issue.code === 'unrecognized_keys') {
      const suggestion = suggestKeys(schema, path)
      return issue.keys.map((key) => ({ path: [...path, key], message: `is not known`, suggestion }))
    }
    if (issue.code === 'invalid_union') {
      const branch = issue.errors.find((errors) =>
        errors.some(({ path: below }) => below.length > 0 || errors.length > 1),
      )
      const unknown = issue.errors.find((errors) => errors.some(({ code }) => code === 'unrecognized_keys'))
      const chosen = unknown ?? branch
      if (chosen) return flatten(chosen, path)
    }
    return [{ path, message: issue.message, suggestion: suggestUse(schema, path) }]
  })
}

function toConfig(file: WheelhouseYaml): WheelhouseConfig {
  const environments = (file.environments ?? []).map((entry): Exclude<typeof entry, string> =>
    typeof entry === 'string' ? { name: entry } : entry,
  )
  const applications = Object.entries(file.applications ?? {})
  const pick = <T>(
    field: (environment: Exclude<z.infer<typeof Environment>, string>) => T | undefined,
  ): Record<string, T> =>
    Object.fromEntries(
      environments.flatMap((environment): [string, T][] => {
        const found = field(environment)
        return found === undefined ? [] : [[environment.name, found]]
      }),
    )
  return {
    environments: environments.map(({ name }) => name),
    deletion: { default: file.deletion ?? 'ask', environments: pick(({ deletion }) => deletion) },
    paths: (file.paths ?? []).map((path) => path.replace(/^(\.\/)+/, '').replace(/\/+$/, '')),
    applications: Object.fromEntries(
      applications.map(([name, { source, branches }]) => [
        name,
        { ...(source === undefined ? {} : { source }), ...(branches === undefined ? {} : { branches }) },
      ]),
    ),
    holds: {
      environments: pick(({ hold }) => hold),
      applications: Object.fromEntries(applications.flatMap(([name, { hold }]) => (hold ? [[name, hold]] : []))),
    },
    stop: { ...(file.stop === undefined ? {} : { all: file.stop }), environments: pick(({ stop }) => stop) },
    promotion: pick(toPromotionRules),
  }
}

/** What is wrong between environments that are each well written. */
function between(file: WheelhouseYaml, config: WheelhouseConfig): PlacedMessage[] {
  const listed = (file.environments ?? []).map((entry) =>
    typeof entry === 'string'
      ? { name: entry, map: false, single: false }
      : { name: entry.name, map: true, single: typeof entry.from === 'string' },
  )
  return pipelineProblems(listed, config)
}

/** Reads the file; no text = there is none. Unknown keys are problems: a mistyped one would be a rule nobody keeps. */
export function readWheelhouseYaml(text: string | undefined): ReadConfig {
  if (text === undefined) return { config: defaultConfig, problems: [] }
  if (text.length > maxCharacters) {
    return { config: undefined, problems: [problem('file-too-large', `${wheelhouseFile} is larger than 1 MiB.`)] }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const [error] = document.errors
  if (error)
    return {
      config: undefined,
      problems: [
        problem('yaml-invalid', `${wheelhouseFile}: ${error.message}`, {
          ...place(error.pos[0]),
          suggestion: 'Look at the indentation, the quotes and the brackets there.',
        }),
      ],
    }
  if (document.contents === null) return { config: defaultConfig, problems: [] }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch {
    return { config: undefined, problems: [problem('yaml-alias-bomb', `Aliases in ${wheelhouseFile} expand too far.`)] }
  }
  const parsed = WheelhouseYaml.safeParse(value)
  const config = parsed.success ? toConfig(parsed.data) : undefined
  const wrong: Misplaced[] =
    parsed.success && config ? between(parsed.data, config) : flatten(parsed.error?.issues ?? [])
  if (config && wrong.length === 0) return { config, problems: [] }
  const problems = wrong.map(({ path, message, suggestion }) =>
    problem('config-invalid', `${path.map(String).join('.') || wheelhouseFile}: ${message}`, {
      ...place(offsetOf(document, path)),
      ...(suggestion === undefined ? {} : { suggestion }),
    }),
  )
  return { config: undefined, problems }
}
