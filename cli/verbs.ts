import { verifyAudit } from '#lib/api/audit.ts'
import { call } from '#lib/api/client.ts'
import type { CallOptions } from '#lib/api/client.ts'
import * as commands from '#lib/api/release-commands.ts'
import { listReleaseImages, listRevisions } from '#lib/api/releases.ts'
import { listDeployKeys } from '#lib/api/repository-access.ts'
import { syncRepository } from '#lib/api/repository.ts'
import type { CommandAnswer } from '#lib/api/shared.ts'
import { allReleases, findRelease } from './find-release.ts'
import { table } from './table.ts'

export interface Flags {
  environment?: string
  container?: string
  tag?: string
  pattern?: string
  message?: string
  until?: string
  force?: boolean
  limit?: string
}

export interface Verb {
  usage: string
  summary: string
  /** Text for people; what to print. */
  run(options: CallOptions, release: string, flags: Flags): Promise<string>
}

const when = (ms: number | null | undefined): string =>
  typeof ms === 'number' ? new Date(ms).toISOString().replace('.000Z', 'Z') : '-'

/** Words of a command's answer. */
const told = (answer: CommandAnswer): string =>
  answer.kind === 'done' ? answer.message : `The worker is still at it: ${answer.command}`

function needed(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw new Error(`This needs --${flag}.`)
  return value
}

type PlainCommand =
  | typeof commands.automateRelease
  | typeof commands.deautomateRelease
  | typeof commands.unlockRelease
  | typeof commands.retryRelease

const plain = (name: string, endpoint: PlainCommand): Verb => ({
  usage: `${name} RELEASE [-m TEXT]`,
  summary: endpoint.summary,
  async run(options, release, { message }) {
    const { id } = await findRelease(options, release)
    return told(await call(endpoint, { params: { id }, body: { message } }, options))
  },
})

/** The verbs of `fluxctl`, over the endpoints the pages use. */
export const verbs: Record<string, Verb> = {
  'list-releases': {
    usage: 'list-releases [-e ENVIRONMENT]',
    summary: 'Releases with health, revision and images',
    async run(options, _release, { environment }) {
      const rows = (await allReleases(options, environment)).map((one) => [
        `${one.namespace}/${one.name}`,
        one.environment,
        one.health,
        String(one.revision ?? '-'),
        one.lock ? 'locked' : one.automated ? 'automated' : 'manual',
        one.images.map(({ image }) => image).join(' '),
      ])
      return table(['RELEASE', 'ENVIRONMENT', 'HEALTH', 'REVISION', 'POLICY', 'IMAGES'], rows)
    },
  },
  'list-images': {
    usage: 'list-images RELEASE [-c CONTAINER] [--limit N]',
    summary: 'Tags of a release with the verdict of its policy',
    async run(options, release, { container, limit = '10' }) {
      const { id } = await findRelease(options, release)
      const images = await call(
        listReleaseImages,
        { params: { id }, query: { container, limit: Number(limit) } },
        options,
      )
      const rows = images.containers.flatMap((one) =>
        one.tags.items.map((tag) => [one.container, tag.name, when(tag.created), tag.verdict, tag.reason]),
      )
      return table(['CONTAINER', 'TAG', 'BUILT', 'VERDICT', 'WHY'], rows)
    },
  },
  history: {
    usage: 'history RELEASE',
    summary: 'Revisions, newest first',
    async run(options, release) {
      const { id } = await findRelease(options, release)
      const page = await call(listRevisions, { params: { id } }, options)
      const rows = page.items.map((one) => [
        String(one.revision),
        when(one.updatedAt),
        one.status,
        `${one.chartName}-${one.chartVersion}`,
        one.description,
      ])
      return table(['REVISION', 'UPDATED', 'STATUS', 'CHART', 'DESCRIPTION'], rows)
    },
  },
  release: {
    usage: 'release RELEASE -c CONTAINER -t TAG -m TEXT [--force]',
    summary: commands.releaseTag.summary,
    async run(options, release, { container, tag, message, force }) {
      const { id } = await findRelease(options, release)
      const body = {
        container: needed(container, 'container'),
        tag: needed(tag, 'tag'),
        message: needed(message, 'message'),
        force,
      }
      return told(await call(commands.releaseTag, { params: { id }, body }, options))
    },
  },
  automate: plain('automate', commands.automateRelease),
  deautomate: plain('deautomate', commands.deautomateRelease),
  lock: {
    usage: 'lock RELEASE -m TEXT [--until RFC3339]',
    summary: commands.lockRelease.summary,
    async run(options, release, { message, until }) {
      const { id } = await findRelease(options, release)
      const body = { message: needed(message, 'message'), until }
      return told(await call(commands.lockRelease, { params: { id }, body }, options))
    },
  },
  unlock: plain('unlock', commands.unlockRelease),
  policy: {
    usage: 'policy RELEASE -c CONTAINER [-p PATTERN] (no pattern removes the filter)',
    summary: commands.setPolicy.summary,
    async run(options, release, { container, pattern, message }) {
      const { id } = await findRelease(options, release)
      const body = { container: needed(container, 'container'), pattern: pattern ?? null, message }
      return told(await call(commands.setPolicy, { params: { id }, body }, options))
    },
  },
  retry: plain('retry', commands.retryRelease),
  sync: {
    usage: 'sync',
    summary: syncRepository.summary,
    run: async (options) => told(await call(syncRepository, {}, options)),
  },
  identity: {
    usage: 'identity',
    summary: listDeployKeys.summary,
    async run(options) {
      const { items } = await call(listDeployKeys, {}, options)
      if (items.length === 0) throw new Error('The worker has no deploy key yet: it makes one at its first start.')
      return items.map(({ publicKey }) => publicKey).join('\n')
    },
  },
  'verify-audit': {
    usage: 'verify-audit',
    summary: 'Walks the hash chain of the audit trail',
    async run(options) {
      const verdict = await call(verifyAudit, {}, options)
      if (verdict.kind === 'broken') throw new Error(`Broken at row ${verdict.seq}: ${verdict.reason}`)
      return `${verdict.rows} rows, intact.`
    },
  },
}
