import { describe, expect, it } from 'vitest'
import { inClusterAccess, parseKubeconfig } from './kubeconfig.ts'

function kubeconfig(user: object, cluster: object = {}): string {
  return JSON.stringify({
    'current-context': 'one',
    contexts: [
      { name: 'one', context: { cluster: 'c', user: 'u' } },
      { name: 'lost', context: { cluster: 'c', user: 'nobody' } },
    ],
    clusters: [{ name: 'c', cluster: { server: 'https://api.example:6443', ...cluster } }],
    users: [{ name: 'u', user }],
  })
}

describe('kubeconfig', () => {
  it.each([
    ['a token', { token: 't' }, { kind: 'token', token: 't' }],
    ['a token file beside it', { tokenFile: 'dir/t', token: 'older' }, { kind: 'token-file', path: '/etc/kube/dir/t' }],
    ['name and password', { username: 'n', password: 'p' }, { kind: 'basic', username: 'n', password: 'p' }],
    ['nothing', {}, { kind: 'none' }],
  ])('signs in by %s', (_label, user, credential) => {
    expect(parseKubeconfig(kubeconfig(user), '/etc/kube')).toMatchObject({ kind: 'plain', credential })
  })

  it('reads certificates inline or from files', () => {
    const user = { 'client-certificate-data': Buffer.from('cert').toString('base64'), 'client-key': '/keys/key.pem' }
    expect(parseKubeconfig(kubeconfig(user, { 'certificate-authority': 'ca.crt' }), '/etc/kube')).toMatchObject({
      ca: { kind: 'file', path: '/etc/kube/ca.crt' },
      certificate: { kind: 'inline', pem: Buffer.from('cert') },
      key: { kind: 'file', path: '/keys/key.pem' },
    })
  })

  it.each([
    ['exec', { exec: { command: 'aws' } }, {}],
    ['auth-provider', { 'auth-provider': { name: 'oidc' } }, {}],
    ['proxy', { token: 't' }, { 'proxy-url': 'http://proxy:3128' }],
  ])('leaves %s to the client library', (to, user, cluster) => {
    expect(parseKubeconfig(kubeconfig(user, cluster), '/')).toMatchObject({ kind: 'delegated', to, context: 'one' })
  })

  it('impersonates', () => {
    expect(parseKubeconfig(kubeconfig({ as: 'ann', 'as-groups': ['devs'] }), '/')).toMatchObject({
      impersonate: { 'Impersonate-User': 'ann', 'Impersonate-Group': ['devs'] },
    })
  })

  it.each([
    ['half a file', '{ "clusters": [ { "token": "s3cret', undefined, 'not valid YAML', true],
    ['an empty file', '', undefined, 'is empty', true],
    ['no context', '{}', undefined, 'names no current context', false],
    ['an unknown context', kubeconfig({}), 'two', 'no context "two"', true],
    ['a context without its user', kubeconfig({}), 'lost', 'no user "nobody"', true],
    ['another scheme', kubeconfig({}, { server: 'ftp://x' }), undefined, 'not https or http', false],
  ])('says what is wrong with %s, without quoting it', (_label, text, context, words, retryable) => {
    const read = () => parseKubeconfig(text, '/', context)
    expect(read).toThrow(expect.objectContaining({ code: 'cluster-unreachable', retryable, cause: undefined }))
    expect(read).toThrow(words)
    expect(read).not.toThrow('s3cret')
  })

  it('takes the service account of a pod, and only there', () => {
    const pod = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }
    expect(inClusterAccess(pod)?.server.href).toBe('https://[fd00::1]/')
    expect(inClusterAccess({})).toBeUndefined()
  })
})
