import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '#lib/core/manifest/index.ts'
import { createRecordingLog } from '#test/fakes/recording-log.ts'
import type { RegistryServer } from '#test/fakes/registry-server.ts'
import { startSeededRegistry } from '#test/fixtures/open-registry.ts'
import { registries } from './registries.ts'

let server: RegistryServer

beforeEach(async () => {
  server = await startSeededRegistry()
  server.auth = { kind: 'basic', username: 'robot', password: 'p' }
})
afterEach(() => server.close())

const encode = (text: string) => Buffer.from(text).toString('base64')

/** A namespace whose pull secret, and a Secret of its own, are let in. */
function objects(): KubeObject[] {
  const metadata = (name: string) => ({ name, namespace: 'dev' })
  const config = JSON.stringify({ auths: { [server.host]: { auth: encode('robot:p') } } })
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('default'), imagePullSecrets: [{ name: 'pull' }] },
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('pull'), data: { '.dockerconfigjson': encode(config) } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('source'),
      data: { username: encode('robot'), password: encode('p') },
    },
  ]
}

function open(insecureHosts: string[]) {
  const cluster = {
    get: async ({ kind, name }: { kind: string; name: string }) =>
      objects().find((object) => object.kind === kind && object.metadata.name === name),
  }
  const clock = { now: () => 0 }
  const entered = async () => []
  return registries({
    cluster,
    entered,
    insecureHosts,
    insideHosts: ['127.0.0.1'],
    dockerConfig: undefined,
    clock,
    log: createRecordingLog(),
  })
}

describe('the registries of the worker', () => {
  const secret = { namespace: 'dev', name: 'source' }
  const rows: [label: string, allowed: boolean, namespaces: string[], access: object, outcome: string][] = [
    ['pull secrets', true, ['dev'], {}, 'let in'],
    ['the Secret that a source names', true, [], { secret }, 'let in'],
    ['the Secret of a source that asks for plain HTTP', false, [], { secret, insecure: true }, 'let in'],
    ['no pull secret where only a source asks for plain HTTP', false, ['dev'], { insecure: true }, 'refused'],
    ['nothing at all without encryption where nobody asks', false, ['dev'], {}, 'not reached'],
  ]
  it.each(rows)('use %s', async (_label, allowed, namespaces, access, outcome) => {
    const registry = await open(allowed ? [server.host] : [])(server.host, namespaces, access)
    const listed = await registry.listTags({ host: server.host, path: 'team/app' }).then(
      () => 'let in',
      ({ code }: { code: string }) => (code === 'registry-unauthorized' ? 'refused' : 'not reached'),
    )
    expect(listed).toBe(outcome)
    const sent = server.requests.some(({ authorization }) => authorization !== '')
    expect(sent).toBe(outcome === 'let in')
  })

  it('are one for each host and credential', async () => {
    const registry = open([server.host])
    expect(await registry(server.host, ['dev'])).toBe(await registry(server.host, [], { secret }))
    expect(await registry(server.host, ['dev'])).not.toBe(await registry(server.host, []))
  })
})
