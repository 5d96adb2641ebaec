import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EnteredCredentials } from '#lib/adapters/oci-registry/index.ts'
import { Fault } from '#lib/core/fault/index.ts'
import type { KubeObject } from '#lib/core/manifest/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import { pullCredentials } from './pull-credentials.ts'

const config = (host: string, username: string) =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from(`${username}:p`).toString('base64') } } })

const account = (namespace: string, ...secrets: string[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
  imagePullSecrets: secrets.map((name) => ({ name })),
})

const secret = (namespace: string, name: string, text: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  data: { '.dockerconfigjson': Buffer.from(text).toString('base64') },
})

const objects = [
  account('dev', 'gone', 'team'),
  secret('dev', 'team', config('registry.example:5000', 'dev-robot')),
  account('stg'),
  account('prod', 'team'),
  secret('prod', 'team', config('registry.example:5000', 'prod-robot')),
]

let directory: string
let dockerConfig: string
let asked: string[]
let now: number

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pull-credentials-'))
  dockerConfig = join(directory, 'config.json')
  await writeFile(dockerConfig, config('registry.example:5000', 'own'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

function finder(own: string | undefined = dockerConfig, entered: EnteredCredentials[] = []) {
  asked = []
  now = 0
  return pullCredentials({
    dockerConfig: own,
    entered: async () => entered,
    clock: { now: () => now },
    log: createRecordingLog(),
    cluster: {
      async get(ref) {
        asked.push(`${ref.kind} ${ref.namespace}/${ref.name}`)
        if (ref.namespace === 'forbidden') throw new Fault('cluster-refused', 'secrets is forbidden')
        return objects.find(
          ({ kind, metadata }) =>
            kind === ref.kind && metadata.name === ref.name && metadata.namespace === ref.namespace,
        )
      },
    },
  })
}

describe('pullCredentials', () => {
  const rows: [label: string, host: string, namespaces: string[], username: string | undefined][] = [
    ['the pull secret of the namespace', 'registry.example:5000', ['dev'], 'dev-robot'],
    ['the first namespace that has one', 'registry.example:5000', ['stg', 'prod'], 'prod-robot'],
    ['the own docker config where no namespace has one', 'registry.example:5000', ['stg'], 'own'],
    ['the own docker config where Secrets may not be read', 'registry.example:5000', ['forbidden'], 'own'],
    ['none for another host', 'other.example', ['dev'], undefined],
  ]
  it.each(rows)('%s', async (_label, host, namespaces, username) => {
    expect((await finder()(host, namespaces))?.username).toBe(username)
  })

  it('takes the pull secrets first, then what was entered, then the own docker config', async () => {
    const entered = [{ host: 'registry.example:5000', path: '', username: 'entered', password: 'p' }]
    const find = finder(dockerConfig, entered)
    expect((await find('registry.example:5000', ['dev']))?.username).toBe('dev-robot')
    expect((await find('registry.example:5000', ['stg']))?.username).toBe('entered')
    expect(await find('other.example', ['stg'])).toBeUndefined()
  })

  it('is anonymous without any', async () => {
    expect(await finder('')('registry.example:5000', ['stg'])).toBeUndefined()
  })

  it('reads a namespace once a minute', async () => {
    const find = finder()
    await find('registry.example:5000', ['dev'])
    await find('registry.example:5000', ['dev'])
    expect(asked).toEqual(['ServiceAccount dev/default', 'Secret dev/gone', 'Secret dev/team'])
    now = 60_000
    await find('registry.example:5000', ['dev'])
    expect(asked).toHaveLength(6)
  })
})
