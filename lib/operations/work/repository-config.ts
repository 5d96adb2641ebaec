import { defaultConfig, readWheelhouseYaml, wheelhouseFile, type WheelhouseConfig } from '#lib/core/pipeline/index.ts'
import type { Problem } from '#lib/core/problem/index.ts'
import type { BlobContent, TreeFile } from '#lib/ports/config-repository.ts'
import type { WorkerDeps } from './deps.ts'

type Deps = Pick<WorkerDeps, 'store' | 'git' | 'settings'>

const factName = 'repository-config'
const fileFactName = 'wheelhouse-file'

/** `text` = the last `wheelhouse.yaml` of this branch that could be read; null = there was none. */
interface ConfigFact {
  repository: string
  branch: string
  text: string | null
}

/** Fact `wheelhouse-file`: the file as it stands at the commit that was read last, for whoever edits it. */
export interface FileFact {
  repository: string
  branch: string
  commit: string
  /** Git object id; null = there is no such file. */
  blob: string | null
  /** null = there is none, or it is no text that can be edited. */
  text: string | null
}

export interface ConfigRead {
  config: WheelhouseConfig
  problems: Problem[]
  found: Pick<FileFact, 'blob' | 'text'>
  /** What to keep as the last good one; undefined = this one is not. */
  good: { text: string | null } | undefined
}

/**
 * What `wheelhouse.yaml` says in a tree. One that cannot be read leaves the last good one of the branch in force, also
 * over a restart; where none is known, it may have held a stop, and what is unreadable counts as stopped (§9.13).
 */
export async function readConfig(deps: Deps, files: readonly TreeFile[]): Promise<ConfigRead> {
  const file = files.find(({ path }) => path === wheelhouseFile)
  if (!file) return { config: defaultConfig, problems: [], found: { blob: null, text: null }, good: { text: null } }
  const content = (await deps.git.readBlobs([file.blob])).get(file.blob)
  const read = readContent(content)
  const found = { blob: file.blob, text: content?.kind === 'text' ? content.text : null }
  if (read.config && content?.kind === 'text')
    return { config: read.config, problems: read.problems, found, good: { text: content.text } }
  const config = (await lastGoodConfig(deps)) ?? stoppedConfig
  return { config, problems: read.problems, found, good: undefined }
}

function readContent(content: BlobContent | undefined) {
  return content?.kind === 'text' ? readWheelhouseYaml(content.text) : { config: undefined, problems: [unreadable] }
}

/** The settings in force when the branch was last read; nothing for another repository or branch. */
export async function lastGoodConfig(deps: Pick<Deps, 'store' | 'settings'>): Promise<WheelhouseConfig | undefined> {
  const fact = (await deps.store.getFact(factName)) as Partial<ConfigFact> | null | undefined
  const { repository, branch } = deps.settings
  if (fact?.repository !== repository || fact.branch !== branch) return undefined
  return readWheelhouseYaml(fact.text ?? undefined).config
}

/** Before anything is done by it: after a restart a file that cannot be read must not put an older one in force. */
export async function keepConfig(
  { store, settings, memory }: Pick<WorkerDeps, 'store' | 'settings' | 'memory'>,
  { good }: ConfigRead,
): Promise<void> {
  if (!good || good.text === memory.configKept) return
  const { repository, branch } = settings
  await store.setFact(factName, { repository, branch, ...good } satisfies ConfigFact)
  memory.configKept = good.text
}

/** For pages: what is read is shown after it is acted upon. */
export async function keepFile(
  deps: Pick<Deps, 'store' | 'settings'>,
  commit: string,
  found: ConfigRead['found'],
): Promise<void> {
  const { repository, branch } = deps.settings
  await deps.store.setFact(fileFactName, { repository, branch, commit, ...found } satisfies FileFact)
}

const unreadable: Problem = {
  code: 'file-not-text',
  severity: 'error',
  message: `${wheelhouseFile} is too large or no UTF-8 text; what it said before stays in force.`,
  path: wheelhouseFile,
}

const stoppedConfig: WheelhouseConfig = {
  ...defaultConfig,
  stop: { all: `${wheelhouseFile} cannot be read, and what it said before is not known.`, environments: {} },
}
