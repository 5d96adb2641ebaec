import { expect, it } from 'vitest'
import { sourceCredentials } from './source-credentials.ts'

const encoded = (data: Record<string, string>) =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]))

const config = (host: string) =>
  JSON.stringify({ auths: { [host]: { auth: Buffer.from('robot:p').toString('base64') } } })

function read(data: Record<string, string> | undefined) {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'flux' } }
  const get = async ({ kind, namespace, name }: { kind: string; namespace?: string; name: string }) =>
    data && kind === 'Secret' && namespace === 'flux' && name === 's' ? { ...secret, data: encoded(data) } : undefined
  return sourceCredentials({ get }, { namespace: 'flux', name: 's' }, 'registry.example:5000')
}

it.each([
  ['username and password', { username: 'u', password: 'p' }, 'u'],
  ['a docker config', { '.dockerconfigjson': config('registry.example:5000') }, 'robot'],
  ['a docker config of the older form', { '.dockercfg': config('https://registry.example:5000/v1/') }, 'robot'],
  ['username and password beside a docker config', { username: 'u', password: 'p', '.dockerconfigjson': '{}' }, 'u'],
])('reads %s', async (_label, data, username) => {
  expect(await read(data)).toEqual({ username, password: 'p' })
})

it.each([
  ['no such Secret', undefined, 'is not there'],
  ['a Secret with a name alone', { username: 'u' }, 'has no credentials'],
  ['a certificate', { 'tls.crt': 'x' }, 'has no credentials'],
  ['a docker config for others', { '.dockerconfigjson': config('other.example') }, 'for registry.example:5000'],
])('waits for somebody to correct %s', async (_label, data, says) => {
  await expect(read(data)).rejects.toMatchObject({
    code: 'chart-unavailable',
    retryable: true,
    message: expect.stringContaining(says) as string,
  })
})
